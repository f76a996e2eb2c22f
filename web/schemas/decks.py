"""Decks and their scans as answers, with sentences that people understand."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Self, TypeVar

from flask_openapi3.models.file import FileStorage
from pydantic import BaseModel, Field, field_validator
from werkzeug.datastructures import FileStorage as Upload

from crispdeck.deck.model import (
    DeckScan,
    PicturePart,
    Placement,
    PlacementKind,
    Reason,
    Scope,
    Verdict,
)
from crispdeck.deck.names import suffixes_in_words
from crispdeck.picture.formats import PictureFormat
from crispdeck.records.rows import Page
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.words.outcomes import enlarged_words
from crispdeck.words.reasons import reason_words
from crispdeck.words.sharpness import sharpness_sentence
from web.schemas.jobs import V1


class DeckForm(BaseModel):
    """The upload."""

    deck: FileStorage = Field(description=f"a {suffixes_in_words('or')} file")

    @field_validator("deck", mode="before")
    @classmethod
    def _is_file(cls, value: object) -> object:
        if not isinstance(value, Upload):
            raise ValueError("send it as a file, with a file name")  # noqa: TRY004 - pydantic's way
        return value


class PlacementOut(BaseModel):
    """One use of a picture on a page."""

    id: str
    scope: Scope
    kind: PlacementKind
    slide: int | None = Field(description="number in the show, from 1")
    page_part: str
    shape_id: int | None
    shape_name: str
    alt_text: str
    part: str | None
    picture: int | None = Field(description="`number` of its picture")
    crop: dict[str, float] = Field(description="fractions of the picture cut off at each side")
    shown_width_in: float | None
    shown_height_in: float | None
    rotation_deg: float
    left_in: float | None
    top_in: float | None
    effective_ppi: float | None
    sharpness_hd: float | None = Field(
        description="picture pixels per pixel of a 1920 × 1080 screen"
    )
    sharpness_4k: float | None
    sentence: str = Field(description='such as "about half as sharp as a full-HD screen"')
    verdict: Verdict
    reason: Reason | None
    why: str = Field(description="the reason in words")
    thumbnail_url: str | None


class PictureOut(BaseModel):
    """One media part, and the verdict over all its uses."""

    number: int
    part: str
    name: str = Field(description="of the shape that shows it")
    alt_text: str
    content_type: str
    format: PictureFormat
    width_px: int | None
    height_px: int | None
    size_bytes: int
    placements: list[str]
    slides: list[int]
    effective_ppi: float | None
    sharpness_hd: float | None
    sentence: str
    sentence_4k: str = Field(description='such as "about a quarter as sharp as a 4K screen"')
    true_width_px: int | None = Field(description="before it was enlarged; null where it was not")
    true_height_px: int | None
    looks: str = Field(description='such as "looks like 300 × 200 pixels enlarged to 1200 × 800"')
    scale: int | None
    verdict: Verdict
    reason: Reason | None
    why: str
    thumbnail_url: str | None


class ScanOut(BaseModel):
    """What was looked at, and with which thresholds."""

    kind: str
    strict: bool
    signed: bool
    slides: int
    slide_width_in: float
    slide_height_in: float
    default_image_dpi: int | None
    options: dict[str, Any]
    low: int
    left: int


class DeckSummary(BaseModel):
    """A deck without its scan."""

    id: str
    name: str
    size_bytes: int
    sha256: str
    created_at: datetime
    expires_at: datetime
    links: dict[str, str]

    @classmethod
    def of(cls, deck: DeckRecord, **more: Any) -> Self:
        """Show a record."""
        here = f"{V1}/decks/{deck.id}"
        links = {"self": here} | {
            name: f"{here}/{name}" for name in ("original", "enhanced", "report", "jobs", "revert")
        }
        same = ("id", "name", "size_bytes", "sha256", "created_at", "expires_at")
        return cls(**{name: getattr(deck, name) for name in same}, links=links, **more)


class DeckOut(DeckSummary):
    """A deck with all that the scan found."""

    scan: ScanOut
    pictures: list[PictureOut]
    placements: list[PlacementOut]

    @classmethod
    def with_scan(cls, deck: DeckRecord, scan: DeckScan) -> Self:
        """Show a record and its scan."""
        return _Shown(deck, scan).out(cls)


class DeckPage(BaseModel):
    """Some decks, newest first."""

    items: list[DeckSummary]
    next_after: str | None

    @classmethod
    def of(cls, page: Page[DeckRecord]) -> Self:
        """Show a page."""
        return cls(items=[DeckSummary.of(deck) for deck in page.items], next_after=page.next_after)


D = TypeVar("D", bound=DeckOut)


class _Shown:
    """Joins pictures and placements: each gets the fields that only the other has."""

    def __init__(self, deck: DeckRecord, scan: DeckScan) -> None:
        self.deck = deck
        self.scan = scan
        self.placements = {placement.id: placement for placement in scan.placements}
        self.numbers = {picture.part: n for n, picture in enumerate(scan.pictures, 1)}
        self.thumbnails = {
            picture.part: f"{V1}/decks/{deck.id}/thumbnails/{self.numbers[picture.part]}"
            for picture in scan.pictures
            if picture.is_viewable
        }

    def out(self, kind: type[D]) -> D:
        scan = self.scan
        low = len(scan.low)
        same = (
            *("kind", "strict", "signed", "slides", "slide_width_in", "slide_height_in"),
            "default_image_dpi",
        )
        return kind.of(
            self.deck,
            scan=ScanOut(
                **{name: getattr(scan, name) for name in same},
                options=asdict(scan.options),
                low=low,
                left=len(scan.pictures) - low,
            ),
            pictures=[self._picture(picture) for picture in scan.pictures],
            placements=[self._placement(placement) for placement in scan.placements],
        )

    def _picture(self, picture: PicturePart) -> PictureOut:
        used = [self.placements[each] for each in picture.placements if each in self.placements]
        shown = _worst(used, picture.verdict)
        sharpness_hd = shown.sharpness_hd if shown else None
        looks = enlarged_words(picture)
        same = (
            *("part", "content_type", "format", "width_px", "height_px", "size_bytes"),
            *("effective_ppi", "true_width_px", "true_height_px", "scale", "verdict", "reason"),
        )
        return PictureOut(
            **{name: getattr(picture, name) for name in same},
            number=self.numbers[picture.part],
            name=shown.shape_name if shown else "",
            alt_text=shown.alt_text if shown else "",
            placements=list(picture.placements),
            slides=sorted({each.slide for each in used if each.slide}),
            sharpness_hd=sharpness_hd,
            sentence="; ".join(filter(None, (sharpness_sentence(sharpness_hd), looks))),
            sentence_4k=sharpness_sentence(shown.sharpness_4k if shown else None, "a 4K screen"),
            looks=looks,
            why=reason_words(picture.reason),
            thumbnail_url=self.thumbnails.get(picture.part),
        )

    def _placement(self, placement: Placement) -> PlacementOut:
        values = {name: getattr(placement, name, None) for name in PlacementOut.model_fields}
        part = placement.part or ""
        return PlacementOut(
            **values
            | {
                "crop": asdict(placement.crop),
                "picture": self.numbers.get(part),
                "sentence": sharpness_sentence(placement.sharpness_hd),
                "why": reason_words(placement.reason),
                "thumbnail_url": self.thumbnails.get(part),
            }
        )


def _worst(used: Sequence[Placement], verdict: Verdict) -> Placement | None:
    """Return the use that the picture's own verdict rests on."""
    deciding = [each for each in used if each.verdict is verdict] or list(used)
    return min(deciding, key=lambda each: each.effective_ppi or float("inf"), default=None)
