"""Find every picture of a deck, measure it where it is shown, and say what is blurred."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from crispdeck.deck.geometry import Box, filled, rectangle
from crispdeck.deck.media import MediaReader, Medium
from crispdeck.deck.model import (
    Crop,
    DeckScan,
    PicturePart,
    Placement,
    PlacementKind,
    Reason,
    Scope,
    Verdict,
)
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.opc.markup import A, P
from crispdeck.deck.opc.package import Relationship
from crispdeck.deck.pages import Page, PageReader, Presentation, all_pages, read_presentation
from crispdeck.deck.picture_roles import BlipUse, find_blips
from crispdeck.deck.placeholders import box_of
from crispdeck.deck.tables import cell_box
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.deck.verdicts import (
    effective_ppi,
    low_ppi_on,
    part_verdict,
    reason_to_leave,
    scale_for,
    screen_width_in,
)
from crispdeck.errors import DeckTooLargeError

if TYPE_CHECKING:
    from crispdeck.picture.provenance import Enlargement

MAX_PLACEMENTS = 10_000
"""Uses of pictures in a deck; ten times those of all 149 decks in docs/corpus.md."""
MAX_SCAN_S = 10.0
"""Seconds of processor time. A deck that takes longer was built to: the largest real ones need a
tenth of a second. Time on the clock would refuse real decks on a busy server."""

_MAX_TEXT = 1_000  # characters kept of a shape's name or alternative text; a guess

FULL_HD_PX = 1920  # the most common screens and projectors
ULTRA_HD_PX = 3840
"""Widths of the screens, of 16:9, that a placement's sharpness is given for."""


def scan(deck: DeckArchive, options: ScanOptions | None = None) -> DeckScan:
    """Return every placement and every picture of an open deck with its verdict.

    Memory does not grow with the media: only their headers are inflated, and, with
    `options.true_size`, some pictures one at a time (crispdeck.deck.true_size). A broken slide or
    relationship costs its own pictures only.

    Raises:
        MalformedDeckError: the presentation itself cannot be read.
        UnsafeDeckError: a DOCTYPE, a lying size, markup built to fill the memory.
        DeckTooLargeError: more than MAX_PLACEMENTS placements, or more than MAX_SCAN_S of work.
    """
    options = options or ScanOptions()
    return _Scan(deck, options, read_presentation(deck)).run()


class _Scan:
    """One pass over one deck."""

    def __init__(self, deck: DeckArchive, options: ScanOptions, presentation: Presentation) -> None:
        self._deck = deck
        self._options = options
        self._presentation = presentation
        self._pages = PageReader(deck)
        self._media = MediaReader(deck)
        self._placements: list[Placement] = []
        self._enlarged: Mapping[str, Enlargement] = {}
        self._refused: Mapping[str, Reason] = {}
        self._started_s = time.thread_time()

    def run(self) -> DeckScan:
        for page in all_pages(self._deck, self._presentation):
            self._check_time()
            self._read_page(page)
        if self._options.true_size:
            self._true_size()
        package = self._deck.package
        box = self._presentation.slide_box
        return DeckScan(
            kind=package.kind,
            strict=package.strict,
            signed=package.signed,
            slides=len(self._presentation.slide_parts),
            slide_width_in=box.width_in,
            slide_height_in=box.height_in,
            default_image_dpi=self._presentation.default_image_dpi,
            options=self._options,
            placements=tuple(self._placements),
            pictures=tuple(self._pictures()),
            unreadable_parts=tuple(dict.fromkeys(self._pages.unreadable)),
        )

    def _check_time(self) -> None:
        if time.thread_time() - self._started_s > MAX_SCAN_S:
            raise DeckTooLargeError("The deck takes far longer to read than any real one.")

    def _read_page(self, page: Page) -> None:
        root = self._pages.root_with_blips(page)
        if root is None:
            return
        relationships = self._pages.relationships(page.part)
        for blip in find_blips(root):
            self._check_time()
            for use in self._uses(blip, relationships):
                if len(self._placements) >= MAX_PLACEMENTS:
                    raise DeckTooLargeError(f"The deck uses more than {MAX_PLACEMENTS:,} pictures.")
                self._placements.append(self._placement(page, use, relationships))

    def _uses(self, blip: BlipUse, relationships: dict[str, Relationship]) -> list[BlipUse]:
        """Return a picture, and the SVG in its place as another where it holds pixels as well.

        Which of them is shown depends on the program, so both are judged.
        """
        rel = relationships.get(blip.drawing_id or "")
        medium = None if rel is None or rel.part is None else self._media.measure(rel.part)
        if medium is None or not medium.format.is_vector or not medium.width_px:
            return [blip]
        as_pixels = replace(blip, reason=blip.reason_of_pixels)
        if blip.rel_id == blip.drawing_id:
            return [as_pixels]
        return [as_pixels, replace(as_pixels, rel_id=blip.drawing_id)]

    def _placement(
        self, page: Page, use: BlipUse, relationships: dict[str, Relationship]
    ) -> Placement:
        rel = relationships.get(use.rel_id or "")
        part = rel.part if rel is not None else None
        crop = rectangle(None if use.fill is None else use.fill.find(A + "srcRect"))
        box = self._shown_box(page, use)
        medium = None if part is None else self._media.measure(part)
        ppi = _effective_ppi(medium, crop, box)
        reason = (
            _role_reason(page, use)
            or _source_reason(rel, medium)
            or self._page_reason(page)
            or self._resolution_reason(medium, box, ppi)
        )
        if reason in {Reason.DRAWN_BITMAP, Reason.VECTOR}:
            reason = self._drawing_reason(medium, ppi)
        about = _about_shape(use)
        return Placement(
            id=str(len(self._placements) + 1),
            scope=page.scope,
            kind=use.kind,
            slide=page.slide,
            page_part=page.part,
            shape_id=_shape_id(about),
            shape_name=about.get("name", "")[:_MAX_TEXT],
            alt_text=about.get("descr", "")[:_MAX_TEXT],
            rel_id=use.rel_id,
            part=part,
            crop=crop,
            shown_width_in=None if box is None else box.width_in,
            shown_height_in=None if box is None else box.height_in,
            rotation_deg=0.0 if box is None else box.rotation_deg,
            left_in=None if box is None else box.left_in,
            top_in=None if box is None else box.top_in,
            effective_ppi=ppi,
            sharpness_hd=self._sharpness(ppi, FULL_HD_PX),
            sharpness_4k=self._sharpness(ppi, ULTRA_HD_PX),
            verdict=Verdict.LOW if reason is None else Verdict.LEFT,
            reason=reason,
        )

    def _shown_box(self, page: Page, use: BlipUse) -> Box | None:
        box: Box | None = None
        if use.kind is PlacementKind.BACKGROUND:
            box = self._presentation.slide_box
        elif use.cell is not None:
            box = cell_box(use.cell)
        elif use.shape is not None and use.kind is not PlacementKind.OTHER:
            box = box_of(use.shape, lambda: self._pages.inherited(page.part))
        if box is None or use.fill is None:
            return None
        return filled(box, rectangle(use.fill.find(f"{A}stretch/{A}fillRect")))

    def _drawing_reason(self, medium: Medium | None, ppi: float | None) -> Reason:
        """Tell a drawing from pixels in one, which are blurred where they are few."""
        is_bitmap = medium is not None and medium.reason is Reason.DRAWN_BITMAP
        low_ppi = low_ppi_on(self._presentation.slide_in, self._options)
        is_low = ppi is not None and ppi < low_ppi
        return Reason.DRAWN_BITMAP if is_bitmap and is_low else Reason.VECTOR

    def _page_reason(self, page: Page) -> Reason | None:
        is_shared = page.scope in {Scope.LAYOUT, Scope.MASTER}
        return Reason.LAYOUT_OR_MASTER if is_shared and not self._options.layouts else None

    def _resolution_reason(
        self, medium: Medium | None, box: Box | None, ppi: float | None
    ) -> Reason | None:
        if ppi is None or medium is None or box is None:
            return Reason.UNKNOWN_SIZE
        return reason_to_leave(
            (medium.width_px or 0, medium.height_px or 0),
            (box.width_in, box.height_in),
            ppi,
            self._options,
            cap_ppi=self._presentation.cap_ppi,
            slide_in=self._presentation.slide_in,
        )

    def _true_size(self) -> None:
        """Judge the placements of enlarged pictures anew, by their true size."""
        from crispdeck.deck.true_size import true_sizes

        seen = true_sizes(self._deck, self._media, self._placements, self._options)
        self._refused = {part: one for part, one in seen.items() if isinstance(one, Reason)}
        self._enlarged = {part: one for part, one in seen.items() if not isinstance(one, Reason)}
        self._placements = [self._judged_by_truth(one) for one in self._placements]

    def _judged_by_truth(self, one: Placement) -> Placement:
        refused = self._refused.get(one.part or "")
        if refused is not None and one.is_eligible:
            return replace(one, verdict=Verdict.LEFT, reason=refused)
        enlarged = self._enlarged.get(one.part or "")
        if enlarged is None or not one.is_eligible:
            return one
        ppi = effective_ppi(
            enlarged.width_px,
            enlarged.height_px,
            one.crop,
            one.shown_width_in or 0.0,
            one.shown_height_in or 0.0,
        )
        if ppi is None:
            return one
        medium = self._media.measure(one.part or "")
        reason = reason_to_leave(
            (medium.width_px or 0, medium.height_px or 0),
            (one.shown_width_in or 0.0, one.shown_height_in or 0.0),
            ppi,
            self._options,
            cap_ppi=self._presentation.cap_ppi,
            slide_in=self._presentation.slide_in,
            enlarged=enlarged.factor,
        )
        return replace(
            one,
            effective_ppi=ppi,
            sharpness_hd=self._sharpness(ppi, FULL_HD_PX),
            sharpness_4k=self._sharpness(ppi, ULTRA_HD_PX),
            verdict=Verdict.LOW if reason is None else Verdict.LEFT,
            reason=reason,
        )

    def _sharpness(self, ppi: float | None, screen_px: int) -> float | None:
        """Return picture pixels for each pixel of a screen that shows the slide full."""
        across_in = screen_width_in(self._presentation.slide_in)
        return None if ppi is None else ppi * across_in / screen_px

    def _pictures(self) -> Iterable[PicturePart]:
        uses: dict[str, list[Placement]] = defaultdict(list)
        for placement in self._placements:
            if placement.part is not None:
                uses[placement.part].append(placement)
        return (self._picture(part, placements) for part, placements in uses.items())

    def _picture(self, part: str, placements: list[Placement]) -> PicturePart:
        medium = self._media.measure(part)
        verdict, reason = part_verdict(placements)
        ppi = min(
            (one.effective_ppi for one in placements if one.is_eligible and one.effective_ppi),
            default=None,
        )
        enlarged = self._enlarged.get(part)
        scale: int | None = None
        if verdict is Verdict.LOW and ppi is not None:
            size = (medium.width_px or 0, medium.height_px or 0)
            factor = 1.0 if enlarged is None else enlarged.factor
            scale = scale_for(ppi, size, self._options, self._presentation.cap_ppi, factor)
        return PicturePart(
            part=part,
            content_type=self._deck.package.content_type(part),
            format=medium.format,
            width_px=medium.width_px,
            height_px=medium.height_px,
            size_bytes=self._deck.size_bytes(part),
            crc32=self._deck.crc32(part),
            placements=tuple(one.id for one in placements),
            effective_ppi=ppi,
            true_width_px=None if enlarged is None else enlarged.width_px,
            true_height_px=None if enlarged is None else enlarged.height_px,
            scale=scale,
            verdict=verdict,
            reason=reason,
        )


def _role_reason(page: Page, use: BlipUse) -> Reason | None:
    """Explain by the role alone; pages beside the slides explain all that stands on them."""
    if use.reason is Reason.MARKUP_FALLBACK:
        return use.reason
    if page.scope is Scope.OTHER:
        return page.reason or use.reason or Reason.OTHER_USE
    return use.reason


def _source_reason(rel: Relationship | None, medium: Medium | None) -> Reason | None:
    if rel is not None and rel.is_external:
        return Reason.LINKED
    return Reason.MISSING if medium is None else medium.reason


def _effective_ppi(medium: Medium | None, crop: Crop, box: Box | None) -> float | None:
    if medium is None or not medium.width_px or not medium.height_px or box is None:
        return None
    return effective_ppi(medium.width_px, medium.height_px, crop, box.width_in, box.height_in)


def _about_shape(use: BlipUse) -> Mapping[str, str]:
    """Return the attributes of the shape's p:cNvPr, none where there is no shape."""
    if use.shape is None or not len(use.shape):
        return {}
    properties = use.shape[0].find(P + "cNvPr")
    return {} if properties is None else dict(properties.items())


def _shape_id(about: Mapping[str, str]) -> int | None:
    text = about.get("id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else None
