"""Jobs, their pictures and their events as answers."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from crispdeck.deck.model import Reason, ScanOptions
from crispdeck.records.rows import Page
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage
from crispdeck.records.work.values import EventRecord, JobRecord, PictureRecord
from crispdeck.report.wording import reason_words
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
    look: bool = Field(True, description="pictures enlarged before count by their true size")


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
    failed: list[str] = Field(description="checks for which interpolation stepped in")


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
    size_bytes: int | None
    new_size_bytes: int | None
    code: str | None
    why: str
    report: dict[str, Any] | None = Field(description="what was measured on the result")
    faithful: Faithful | None = Field(description="the part of it that says how faithful it is")
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
            size_bytes=row.source_bytes,
            new_size_bytes=row.result_bytes,
            code=row.code,
            why=words_for(row.code, row.detail),
            report=row.report,
            faithful=(row.report or {}).get("faithful"),
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
    options: dict[str, Any]
    counts: Counts
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime
    size_bytes: int | None = Field(description="of the enhanced deck")
    summary: dict[str, Any] | None
    kept: list[str] = Field(description="parts that keep their original bytes after all")
    code: str | None
    detail: str | None
    links: JobLinks

    @classmethod
    def of(cls, job: JobRecord, **more: Any) -> Self:
        """Show a record."""
        same = (
            *("id", "kind", "state", "stage", "deck_id", "options", "created_at", "started_at"),
            *("finished_at", "expires_at", "summary", "code", "detail"),
        )
        return cls(
            **{name: getattr(job, name) for name in same},
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
