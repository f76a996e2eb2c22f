"""Batches as answers: every deck with its brief, its latest job, and what is on its way."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from crispdeck.deck.thresholds import ScanOptions
from crispdeck.records.rows import Page
from crispdeck.records.shelf.values import BatchRecord, DeckRecord
from crispdeck.records.states import JobState, Stage
from crispdeck.records.work.batch_contents import BatchContents
from crispdeck.records.work.batch_overviews import BatchOverview
from crispdeck.records.work.job_options import by_field
from crispdeck.records.work.values import JobRecord
from crispdeck.services import estimates
from crispdeck.words.sharpness import sharpness_sentence
from web.schemas.jobs import V1, Counts
from web.schemas.requests import LARGEST_SCALE, Crispness, Id, MaxScale, Ppi, Strict
from web.schemas.uploads import UploadOut


class Choices(Strict):
    """What is asked of all decks of a batch."""

    low_ppi: Ppi = ScanOptions.low_ppi
    target_ppi: Ppi = ScanOptions.target_ppi
    max_scale: MaxScale = LARGEST_SCALE
    layouts: bool = False
    crispness: Crispness = None
    true_size: bool = True

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Show what is stored with a batch or with a job of it."""
        named = by_field(stored)
        return cls(**{name: named[name] for name in cls.model_fields if name in named})


class BatchPath(BaseModel):
    """A batch of the caller's tenant."""

    batch_id: str


class LeftOut(Strict):
    """Pictures that nobody wants sharp."""

    left_out: dict[Id, list[str]] = Field(
        {}, max_length=10_000, description="part names, by the deck's id"
    )


class Estimate(BaseModel):
    """What the work on a batch will take, by what was measured here."""

    pictures: int = Field(description="different ones; equal pictures are made once")
    megapixels: float
    seconds: float
    waiting_s: float = Field(description="for what others have asked for before")
    bytes_before: int
    bytes_after: int
    measured_pictures: int = Field(description="that the figures rest on; 0: they are guesses")

    @classmethod
    def of(cls, found: estimates.Estimate) -> Self:
        """Show an estimate."""
        return cls(**asdict(found))


class JobBrief(BaseModel):
    """A deck's latest job."""

    id: str
    state: JobState
    stage: Stage
    options: Choices
    counts: Counts
    code: str | None
    detail: str | None
    bytes_before: int | None
    bytes_after: int | None
    changed: int = Field(description="pictures that the new deck holds")
    kept: int = Field(description="of these, how many shall have their original bytes after all")

    @classmethod
    def of(cls, job: JobRecord) -> Self:
        """Show a record."""
        summary = job.summary or {}
        return cls(
            **{name: getattr(job, name) for name in ("id", "state", "stage", "code", "detail")},
            options=Choices.of(job.options),
            counts=Counts.of(job),
            bytes_before=summary.get("bytes_before"),
            bytes_after=summary.get("bytes_after"),
            changed=len(summary.get("pictures", ())),
            kept=len(job.kept or ()),
        )


class ScanThresholds(BaseModel):
    """What counted as low."""

    low_ppi: float
    target_ppi: float
    layouts: bool


class ScanSummary(BaseModel):
    """What a list shows of a scan; all null where the deck has none yet."""

    slides: int | None = None
    pictures: int | None = None
    low: int | None = None
    low_px: int | None = Field(None, description="pixels of the low pictures together")
    worst_ppi: float | None = None
    worst_hd: float | None = Field(
        None, description="of the worst picture: its pixels for each pixel of a full-HD screen"
    )
    worst_sentence: str = Field("", description='such as "about half as sharp as …"')
    options: ScanThresholds | None = Field(None, description="what it was scanned with")

    @classmethod
    def of(cls, brief: dict[str, Any]) -> Self:
        """Show what the deck's row holds, with its sentence."""
        return cls(**brief, worst_sentence=sharpness_sentence(brief.get("worst_hd")))


class DeckBrief(BaseModel):
    """A deck of a batch."""

    id: str
    name: str
    folder: str
    size_bytes: int
    expires_at: datetime
    scan: ScanSummary
    job: JobBrief | None
    waits: bool = Field(description="asked for, and begun by itself as soon as a job is free")

    @classmethod
    def of_both(cls, deck: DeckRecord, job: JobRecord | None, *, waits: bool) -> Self:
        """Show a deck and its job."""
        same = ("id", "name", "size_bytes", "expires_at")
        return cls(
            **{name: getattr(deck, name) for name in same},
            folder=deck.folder or "",
            scan=ScanSummary.of(deck.brief or {}),
            job=JobBrief.of(job) if job else None,
            waits=waits,
        )


class BatchSummary(BaseModel):
    """A batch without its decks."""

    id: str
    options: Choices
    created_at: datetime
    expires_at: datetime
    links: dict[str, str]

    @classmethod
    def of(cls, batch: BatchRecord, **more: Any) -> Self:
        """Show a record."""
        here = f"{V1}/batches/{batch.id}"
        return cls(
            **{name: getattr(batch, name) for name in ("id", "created_at", "expires_at")},
            options=Choices.of(batch.options),
            links={"self": here}
            | {name: f"{here}/{name}" for name in ("stream", "estimate", "jobs", "enhanced")},
            **more,
        )


class BatchOut(BatchSummary):
    """A batch and all that lies in it."""

    decks: list[DeckBrief]
    uploads: list[UploadOut] = Field(description="on their way, or refused")

    @classmethod
    def of_contents(cls, found: BatchContents) -> Self:
        """Show all."""
        return cls.of(
            found.batch,
            decks=[
                DeckBrief.of_both(deck, found.jobs.get(deck.id), waits=deck.id in found.waiting)
                for deck in found.decks
            ],
            uploads=[UploadOut.of(upload) for upload in found.uploads],
        )


class BatchListed(BatchSummary):
    """A batch in a list."""

    decks: int
    names: list[str] = Field(description="of its first decks, three at most")
    first_deck: str | None = Field(description="id of the first deck, for its likeness")
    size_bytes: int = Field(description="of all decks as handed in")
    done: int = Field(description="decks whose latest job has ended well")
    open: int = Field(description="decks in work, or waiting for it")


class BatchPage(BaseModel):
    """Some batches, newest first."""

    items: list[BatchListed]
    next_after: str | None

    @classmethod
    def of(cls, page: Page[BatchRecord], found: Mapping[str, BatchOverview]) -> Self:
        """Show a page."""
        empty = BatchOverview()
        items = []
        for batch in page.items:
            told = found.get(batch.id, empty)
            same = {name: getattr(told, name) for name in ("decks", "size_bytes", "done", "open")}
            more = same | {"names": list(told.names), "first_deck": told.first_deck_id}
            items.append(BatchListed.of(batch, **more))
        return cls(items=items, next_after=page.next_after)


class Started(BaseModel):
    """What became of a request to start decks: jobs begun, decks that wait for one."""

    started: list[str] = Field(description="ids of the new jobs")
    waiting: int = Field(description="decks for which no job was free; begun as soon as one is")
