"""Review links as requests and answers."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from crispdeck.records.shelf.reviews import ReviewRecord, VerdictRecord
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.work.values import JobRecord
from web.schemas.batches import BatchPath
from web.schemas.decks import DeckOut
from web.schemas.jobs import JobDetail
from web.schemas.requests import Strict


class ReviewRequest(Strict):
    """A new link."""

    name: str = Field("Review", min_length=1, max_length=180, description="whom it is for")
    days: float = Field(7, gt=0, le=365, description="until it ends; never longer than the batch")


class ReviewLink(BaseModel):
    """A link, in the only answer that holds it."""

    id: str
    url: str = Field(description="what stands behind # is the key; no server sees it")
    expires_at: datetime


class ReviewPath(BatchPath):
    """A link to a batch of the caller's tenant."""

    review_id: str


class VerdictRequest(Strict):
    """What is said of a deck."""

    is_accepted: bool
    comment: str = Field("", max_length=2000)


class VerdictOut(VerdictRequest):
    """What was said of a deck."""

    deck_id: str
    at: datetime

    @classmethod
    def of(cls, record: VerdictRecord) -> Self:
        """Show a record."""
        return cls.model_validate(record, from_attributes=True)


class ReviewOut(BaseModel):
    """A link as whoever made it sees it."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    opened_at: datetime | None
    withdrawn_at: datetime | None
    verdicts: list[VerdictOut]

    @classmethod
    def of(cls, record: ReviewRecord) -> Self:
        """Show a record."""
        return cls.model_validate(record, from_attributes=True)


class ReviewList(BaseModel):
    """All links to a batch, newest first."""

    items: list[ReviewOut]


class ReviewedDeck(BaseModel):
    """A deck that may be looked at."""

    id: str
    name: str
    folder: str
    changed: int = Field(description="pictures that were made sharp")
    kept: int = Field(description="of these, how many keep their originals after all")
    verdict: VerdictOut | None

    @classmethod
    def of(cls, deck: DeckRecord, job: JobRecord, verdict: VerdictOut | None) -> Self:
        """Show a deck with its finished job."""
        return cls(
            id=deck.id,
            name=deck.name,
            folder=deck.folder or "",
            changed=len((job.summary or {}).get("pictures", ())),
            kept=len(job.kept or ()),
            verdict=verdict,
        )


class ReviewedBatch(BaseModel):
    """All that a link opens."""

    expires_at: datetime
    decks: list[ReviewedDeck] = Field(description="those that are done")


class ReviewedWork(BaseModel):
    """A deck with what was made of it."""

    deck: DeckOut
    job: JobDetail
