"""Jobs, their pictures and their events as answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from crispdeck.deck.model import Reason
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.picture.source_notes import SourceNote
from crispdeck.queue.names import QueueName
from crispdeck.records.rows import Page
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage
from crispdeck.records.work.job_options import by_field
from crispdeck.records.work.values import EventRecord, JobRecord, PictureRecord
from crispdeck.words.outcomes import source_words
from crispdeck.words.reasons import reason_words
from crispdeck.words.sharpness import sharpness_sentence
from web.schemas.requests import LARGEST_SCALE, Crispness, MaxScale, Ppi, Strict

V1 = "/api/v1"


class DeckJobRequest(Strict):
    """Which pictures of a deck to make sharp, and how sharp."""

    pictures: list[str] | None = Field(
        None, max_length=10_000, description="part names; all low ones if left out"
    )
    low_ppi: Ppi = ScanOptions.low_ppi
    target_ppi: Ppi = ScanOptions.target_ppi
    max_scale: MaxScale = LARGEST_SCALE
    layouts: bool = False
    crispness: Crispness = None
    true_size: bool = Field(True, description="pictures enlarged before count by their true size")


class RevertRequest(Strict):
    """Which pictures get their original bytes back."""

    pictures: list[str] | None = Field(
        None, max_length=10_000, description="part names; all if left out"
    )


class KeptRequest(Strict):
    """Which of the job's pictures keep their original bytes after all."""

    parts: list[str] = Field(max_length=10_000, description="part names; none: all are sharp")


class Counts(BaseModel):
    """How many pictures stand where."""

    total: int
    queued: int
    running: int
    done: int
    skipped: int
    failed: int
    cancelled: int

    @classmethod
    def of(cls, job: JobRecord) -> Self:
        """Count."""
        states = {state.value: getattr(job, f"pictures_{state.value}") for state in PictureState}
        return cls(total=job.pictures_total, **states)


def words_for(code: str | None, detail: str | None) -> str:
    """Say in words why a picture or a job ended as it did."""
    if code in set(Reason):
        return reason_words(Reason(code))
    return detail or (code or "").replace("_", " ")


class Faithful(BaseModel):
    """How an upscale agrees with its original; see docs/faithfulness.md."""

    consistency: Literal["exact", "low_frequency"] = Field(description="what was promised")
    shrinks_back_db: float = Field(description="PSNR of the original against the upscale shrunk")
    coarse_db: float = Field(description="the same after a low-pass of two small pixels")
    colour_shift_levels: float = Field(description="largest change of a block's mean, of 255")
    budget_used_max: float = Field(description="largest departure from interpolation, of its bound")
    budget_share_clipped: float = Field(description="share of samples held back, 0 to 1")
    over_budget_levels: float = Field(description="most beyond a bound, of 255; at most 1")
    alpha_kept: bool = Field(description="clear and solid areas are exactly so")
    failed: list[str] = Field(
        description="checks that the network's picture failed; interpolation took its place"
    )


class SourceNoteOut(BaseModel):
    """What was forgiven in a picture's file, or could not be carried over."""

    code: SourceNote | str
    why: str


class UpscaleReport(BaseModel):
    """How a picture was upscaled, and what was measured on the result."""

    network: str | None = Field(None, description="name and version; `cells` where none was needed")
    chosen: str | None = Field(None, description="the network that was to work on it")
    scale: float | None = None
    crispness: float | None = None
    fallback: str | None = Field(
        None, description="why plain interpolation took the network's place; null where not"
    )
    faithful: Faithful | None = None
    looks: dict[str, Any] | None = Field(None, description="what its pixels tell of their past")
    dtype: str | None = None
    device: str | None = None
    source: list[SourceNoteOut] = Field(
        [], description="what was forgiven in the file, and what could not be carried over"
    )
    upscale_s: float | None = Field(None, description="seconds in the network")
    seconds: float | None = Field(None, description="decode, network and encode together")
    cached: bool = Field(False, description="made for an earlier job")

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Self:
        """Show what a worker has written, with words."""
        codes = report.get("source") or []
        notes = zip(codes, source_words(report), strict=True)
        source = [SourceNoteOut(code=code, why=why) for code, why in notes]
        return cls(**{**report, "source": source})


class SwappedPicture(BaseModel):
    """A picture of the deck that has another one in its place."""

    part: str
    new_part: str
    ppi_before: float | None
    ppi_after: float | None
    sharpness_hd_before: float | None = Field(
        None, description="picture pixels per pixel of a 1920 px screen"
    )
    sharpness_hd_after: float | None = None
    sentence_before: str = Field("", description='such as "about half as sharp as …"')
    sentence_after: str = ""
    bytes_before: int
    bytes_after: int

    @classmethod
    def of(cls, swapped: dict[str, Any]) -> Self:
        """Show an entry of a job's summary, with its sentences."""
        return cls(
            **swapped,
            sentence_before=sharpness_sentence(swapped.get("sharpness_hd_before")),
            sentence_after=sharpness_sentence(swapped.get("sharpness_hd_after")),
        )


class LeftPicture(BaseModel):
    """A picture that kept its bytes, and why."""

    part: str
    reason: str


class JobSummary(BaseModel):
    """What a deck job did."""

    enhanced: bool = Field(description="false: nothing had to change, there is no other deck")
    pictures: list[SwappedPicture] = []
    left: list[LeftPicture] = []
    bytes_before: int | None = Field(None, description="of the whole deck")
    bytes_after: int | None = None

    @classmethod
    def of(cls, summary: dict[str, Any]) -> Self:
        """Show what the job's row holds."""
        pictures = [SwappedPicture.of(one) for one in summary.get("pictures", ())]
        return cls(**summary | {"pictures": pictures})


class JobOptionsOut(BaseModel):
    """What a job was asked for."""

    pictures: list[str] | None = Field(None, description="part names; null: all that are low")
    low_ppi: float = ScanOptions.low_ppi
    target_ppi: float = ScanOptions.target_ppi
    max_scale: int = ScanOptions.max_scale
    layouts: bool = False
    crispness: float | None = None
    true_size: bool = True
    strip: bool = False
    queue: QueueName = QueueName.BULK


class JobPicture(BaseModel):
    """One distinct picture of a job, and the parts of the deck that hold it."""

    id: str
    parts: list[str]
    state: PictureState
    width_px: int | None
    height_px: int | None
    scale: int | None
    new_width_px: int | None
    new_height_px: int | None
    bytes_before: int | None
    bytes_after: int | None
    code: str | None
    why: str
    upscale: UpscaleReport | None = Field(description="how it was made, and what was measured")
    result_url: str | None
    thumbnail_url: str | None

    @classmethod
    def of(cls, row: PictureRecord) -> Self:
        """Show a row."""
        here = f"{V1}/jobs/{row.job_id}/pictures/{row.id}"
        has_result = row.state is PictureState.DONE and row.result_key is not None
        return cls(
            id=row.id,
            parts=list(row.parts),
            state=row.state,
            width_px=row.width_px,
            height_px=row.height_px,
            scale=row.scale,
            new_width_px=row.result_width_px,
            new_height_px=row.result_height_px,
            bytes_before=row.source_bytes,
            bytes_after=row.result_bytes,
            code=row.code,
            why=words_for(row.code, row.detail),
            upscale=None if row.report is None else UpscaleReport.of(row.report),
            result_url=f"{here}/result" if has_result else None,
            thumbnail_url=f"{here}/thumbnail" if has_result else None,
        )


class JobLinks(BaseModel):
    """Where to go from a job."""

    self: str
    events: str
    stream: str
    deck: str | None = None
    enhanced: str | None = None
    report: str | None = None
    result: str | None = None

    @classmethod
    def of(cls, job: JobRecord) -> Self:
        """Name what there is."""
        here = f"{V1}/jobs/{job.id}"
        links = cls(self=here, events=f"{here}/events", stream=f"{here}/stream")
        if job.kind is JobKind.PICTURE:
            links.result = f"{V1}/pictures/{job.id}/result"
        elif job.deck_id:
            links.deck = f"{V1}/decks/{job.deck_id}"
            if job.result_key:
                links.enhanced = f"{links.deck}/enhanced?job={job.id}"
                links.report = f"{links.deck}/report?job={job.id}"
        return links


class JobOut(BaseModel):
    """A job without its pictures."""

    id: str
    kind: JobKind
    state: JobState
    stage: Stage
    deck_id: str | None
    options: JobOptionsOut
    counts: Counts
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime
    size_bytes: int | None = Field(description="of the enhanced deck")
    summary: JobSummary | None
    kept: list[str] = Field(description="parts that keep their original bytes after all")
    code: str | None
    detail: str | None
    links: JobLinks

    @classmethod
    def of(cls, job: JobRecord, **more: Any) -> Self:
        """Show a record."""
        same = (
            *("id", "kind", "state", "stage", "deck_id", "created_at", "started_at"),
            *("finished_at", "expires_at", "code", "detail"),
        )
        return cls(
            **{name: getattr(job, name) for name in same},
            options=JobOptionsOut(**by_field(job.options)),
            summary=None if job.summary is None else JobSummary.of(job.summary),
            counts=Counts.of(job),
            size_bytes=job.result_bytes,
            kept=list(job.kept or ()),
            links=JobLinks.of(job),
            **more,
        )


class JobDetail(JobOut):
    """A job with its pictures."""

    pictures: list[JobPicture]

    @classmethod
    def with_pictures(cls, job: JobRecord, pictures: tuple[PictureRecord, ...]) -> Self:
        """Show a job and its rows."""
        return cls.of(job, pictures=[JobPicture.of(picture) for picture in pictures])


class JobPage(BaseModel):
    """Some jobs, newest first."""

    items: list[JobOut]
    next_after: str | None

    @classmethod
    def of(cls, page: Page[JobRecord]) -> Self:
        """Show a page."""
        return cls(items=[JobOut.of(job) for job in page.items], next_after=page.next_after)


class EventOut(BaseModel):
    """One change of a job or of one of its pictures."""

    seq: int
    kind: EventKind
    job_id: str
    picture_id: str | None
    data: dict[str, Any]
    at: datetime

    @classmethod
    def of(cls, event: EventRecord) -> Self:
        """Show a record."""
        shown = cls(**{name: getattr(event, name) for name in cls.model_fields})
        # The names of our machines are nobody's business but the operators'.
        shown.data = {name: value for name, value in event.data.items() if name != "worker"}
        return shown


class EventPage(BaseModel):
    """Events in order."""

    items: list[EventOut]
    next_after: int = Field(description="hand this in as `after` to go on")
    ended: bool = Field(description="true when nothing more will come")
