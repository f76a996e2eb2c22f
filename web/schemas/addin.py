"""What an add-in asks for: swaps into slides that are open, the way back, and a first key."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from crispdeck.records.people.pairings import PairingCode
from crispdeck.services.open_slides import Revertable
from web.schemas.requests import Id, ScanQuery, Strict

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
MAX_JOBS = 100  # in one query; a guess: an open deck was seldom made sharp so often
MAX_PICTURES = 500  # in one request; the real deck with the most has 138 (docs/corpus.md)


class SwapQuery(ScanQuery):
    """Whose pictures to swap in, and what counts as low."""

    job: list[Id] = Field(
        min_length=1, max_length=MAX_JOBS, description="jobs that made the pictures; may repeat"
    )
    allow_signed: bool = Field(
        False, description="take a signed deck; a change breaks its signature"
    )


class RevertQuery(Strict):
    """Which pictures get their original bytes back."""

    sha256: list[Sha256] | None = Field(
        None, max_length=MAX_PICTURES, description="of pictures in the deck; all known if left out"
    )
    allow_signed: bool = Field(
        False, description="take a signed deck; a change breaks its signature"
    )


class OriginalsRequest(Strict):
    """Pictures by their content."""

    sha256: list[Sha256] = Field(max_length=MAX_PICTURES)


class KeptOriginal(BaseModel):
    """A picture whose original is kept, so that the swap can be reverted."""

    sha256: str = Field(description="of the picture that is in the deck now, after the swap")
    expires_at: datetime


class KeptOriginals(BaseModel):
    """Those of the pictures whose swap can be reverted."""

    items: list[KeptOriginal]


class LookQuery(Strict):
    """Which decks are taken."""

    allow_signed: bool = Field(False, description="take a signed deck")


class OriginalPath(BaseModel):
    """A picture by its content."""

    sha256: Sha256


class RevertableOut(BaseModel):
    """A picture of a deck whose original is kept."""

    sha256: str = Field(description="of the picture that is in the deck now")
    part: str
    places: str = Field(description="where it is, in words")
    slides: list[int]
    width_px: int | None
    height_px: int | None
    expires_at: datetime
    thumbnail_url: str = Field(description="of the original")

    @classmethod
    def of(cls, found: Revertable, base: str) -> Self:
        """Show it."""
        fields = {name: getattr(found, name) for name in cls.model_fields if hasattr(found, name)}
        return cls(**fields, thumbnail_url=f"{base}/originals/{found.sha256}/thumbnail")


class RevertableList(BaseModel):
    """What can be put back in a deck, in the order of the slides."""

    items: list[RevertableOut]


class PairingOut(BaseModel):
    """A code to type into the task pane."""

    code: str
    expires_at: datetime

    @classmethod
    def of(cls, code: PairingCode) -> Self:
        """Show it."""
        return cls(code=code.code, expires_at=code.expires_at)


class PairingWays(BaseModel):
    """How a task pane gets its first key, besides a code."""

    sign_in: bool = Field(description="at /addin/sign-in, by OpenID Connect")


class PairingRequest(Strict):
    """A code, and how the new key shall be called."""

    code: str = Field(min_length=4, max_length=40)
    name: str = Field("PowerPoint add-in", min_length=1, max_length=200)
