"""What callers send besides bodies: queries, headers, paths."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from crispdeck.deck.thresholds import PRESETS, Preset, ScanOptions
from crispdeck.deck.verdicts import WIDE_SLIDE_IN
from crispdeck.records.states import JobState
from crispdeck.services.picture_intake import PictureRequest
from crispdeck.services.untrusted_files import Detail
from crispdeck.settings import Settings

Ppi = Annotated[FiniteFloat, Field(ge=10, le=2400)]
Crispness = Annotated[
    Annotated[FiniteFloat, Field(ge=0, le=1)] | None,
    Field(
        description="steepness of edges, 0 (soft) to 1, within what faithfulness allows; as this"
        " installation is set if left out"
    ),
]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
MaxScale = Literal[2, 4]
LARGEST_SCALE: MaxScale = 4  # what networks there are for; see `worker.networks.registry`


def is_id(text: str) -> bool:
    """Say if this may be an id of ours."""
    return re.fullmatch(r"[0-9a-f]{32}", text) is not None


class Strict(BaseModel):
    """A misspelt field is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid")


class ScanQuery(Strict):
    """What counts as low."""

    preset: Preset | None = Field(
        None, description=f"low below {', '.join(f'{ppi:g}' for ppi in PRESETS.values())} ppi"
    )
    low_ppi: Ppi | None = Field(None, description="low below this; overrides the preset")
    target_ppi: Ppi | None = Field(
        None, description=f"what an upscale aims at; {ScanOptions.target_ppi:g} if left out"
    )
    layouts: bool | None = Field(None, description="pictures of layouts and masters too")
    true_size: bool | None = Field(
        None, description="pictures enlarged before count by their true size; yes if left out"
    )

    @property
    def is_empty(self) -> bool:
        """True when the caller asked for nothing special."""
        return not self.model_fields_set

    def options(self, settings: Settings) -> ScanOptions:
        """Join what is asked for with the defaults and the limits of this installation."""
        asked = self.model_dump(include=set(ScanQuery.model_fields))
        return ScanOptions.asked_for(**asked, settings=settings)


class UploadQuery(ScanQuery):
    """What counts as low, and whether a signed deck may be taken."""

    allow_signed: bool = Field(
        False, description="take a signed deck; a change breaks its signature"
    )
    batch: Id | None = Field(None, description="the batch that the deck joins")


class PageQuery(Strict):
    """Which page of a list."""

    after: Id | None = Field(None, description="`next_after` of the page before")
    limit: int = Field(50, ge=1, le=200)


class JobsQuery(PageQuery):
    """Which jobs."""

    state: JobState | None = None


class ResultQuery(Strict):
    """Which job's result."""

    job: Id | None = Field(None, description="the latest finished one if left out")


class EnhancedQuery(ResultQuery):
    """Which result, and how."""

    redirect: bool = Field(False, description="303 to the object store where it can sign links")


class LikenessQuery(Strict):
    """A slide as which job has left it, and how much of its pictures is wanted."""

    job: Id | None = Field(None, description="as the deck was handed in if left out")
    detail: Detail = Field(Detail.SMALL, description="`full` holds every pixel of its pictures")


class ReportQuery(ResultQuery):
    """Which report."""

    format: Literal["html", "json", "pptx"] = "html"


class EventsQuery(Strict):
    """Where to go on, and how long to wait for something new."""

    after: int = Field(0, ge=0, le=2**62, description="`seq` of the last event seen")
    limit: int = Field(200, ge=1, le=500)
    wait: FiniteFloat = Field(0, ge=0, le=25, description="seconds to wait for the next event")


class WaitQuery(Strict):
    """How long to wait for something new."""

    wait: FiniteFloat = Field(0, ge=0, le=25, description="seconds; needs If-None-Match")


class ZipQuery(Strict):
    """Which report lies beside each deck."""

    report: Literal["html", "pptx", "none"] = "html"


class PictureQuery(Strict):
    """At what size a picture is shown, or by how much it shall grow."""

    shown_width_in: FiniteFloat | None = Field(None, gt=0, le=1000, description="inches")
    shown_height_in: FiniteFloat | None = Field(None, gt=0, le=1000, description="inches")
    scale: Literal["2", "4"] | None = Field(None, description="instead of a size: 2 or 4")
    target_ppi: Ppi = ScanOptions.target_ppi
    low_ppi: Ppi = ScanOptions.low_ppi
    slide_width_in: FiniteFloat = Field(
        WIDE_SLIDE_IN[0], gt=0, le=1000, description="inches; how large a screen shows the slide"
    )
    slide_height_in: FiniteFloat = Field(WIDE_SLIDE_IN[1], gt=0, le=1000, description="inches")
    force: bool = Field(False, description="upscale even what is sharp enough")
    strip: bool = Field(False, description="leave out date, place, author and other notes")
    crispness: Crispness = None

    def picture_request(self, settings: Settings) -> PictureRequest:
        """Join what is asked for with the limits of this installation."""
        return PictureRequest(
            shown_width_in=self.shown_width_in,
            shown_height_in=self.shown_height_in,
            scale=int(self.scale) if self.scale else None,
            force=self.force,
            slide_in=(self.slide_width_in, self.slide_height_in),
            options=ScanOptions.asked_for(
                low_ppi=self.low_ppi, target_ppi=self.target_ppi, settings=settings
            ),
        )


class ShownQuery(Strict):
    """What the picture is for."""

    shown: bool = Field(False, description="for a browser: a PNG where none knows the format")


class IdempotencyHeader(BaseModel):
    """Makes a POST safe to repeat for 24 hours."""

    idempotency_key: str | None = Field(
        None, alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$"
    )


class PreferHeader(BaseModel):
    """How long the caller would like to wait (RFC 7240)."""

    prefer: str | None = Field(None, alias="Prefer", description="wait=N, at most 30 seconds")


class PictureHeader(IdempotencyHeader, PreferHeader):
    """Both."""


class DeckPath(BaseModel):
    """A deck of the caller's tenant."""

    deck_id: str


class ThumbnailPath(DeckPath):
    """A picture of a deck."""

    number: int = Field(description="the picture's `number` in the scan, from 1")


class SlidePath(DeckPath):
    """A slide of a deck."""

    number: int = Field(description="in the order of the show, from 1")


class JobPath(BaseModel):
    """A job of the caller's tenant."""

    job_id: str


class PicturePath(JobPath):
    """A picture of a job."""

    picture_id: str


class KeyPath(BaseModel):
    """A key of the caller's tenant."""

    key_id: str


class ProblemPath(BaseModel):
    """A kind of problem."""

    code: str
