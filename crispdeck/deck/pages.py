"""The pages of a deck in the order of the show, and every other part that may use a picture."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from crispdeck.deck.geometry import EMU_PER_IN, Box, emu
from crispdeck.deck.model import Reason, Scope
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.opc.markup import P, R, as_utf8, parse, parse_clean
from crispdeck.deck.opc.package import Relationship
from crispdeck.deck.placeholders import PlaceholderBoxes, read_placeholders
from crispdeck.deck.trimming import without_plain_shapes
from crispdeck.errors import MalformedDeckError, UnsafeDeckError

_P14 = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
_DEFAULT_SLIDE_EMU = (10 * EMU_PER_IN, 7.5 * EMU_PER_IN)
_HIGH_FIDELITY = 32_767
"""What p14:defaultImageDpi says when PowerPoint is told not to reduce pictures."""

MAX_INHERITED = 32
"""Layouts and masters that stand on each other: a slide has a layout, and that a master."""

_SCOPE_OF_TYPE = {
    "presentationml.slide+xml": (Scope.OTHER, Reason.UNUSED_SLIDE),
    "presentationml.slidelayout+xml": (Scope.LAYOUT, None),
    "presentationml.slidemaster+xml": (Scope.MASTER, None),
    "presentationml.notesslide+xml": (Scope.OTHER, Reason.NOTES_OR_HANDOUT),
    "presentationml.notesmaster+xml": (Scope.OTHER, Reason.NOTES_OR_HANDOUT),
    "presentationml.handoutmaster+xml": (Scope.OTHER, Reason.NOTES_OR_HANDOUT),
    "presentationml.tablestyles+xml": (Scope.OTHER, Reason.TABLE_FILL),
    "theme+xml": (Scope.OTHER, Reason.THEME_FILL),
    "themeoverride+xml": (Scope.OTHER, Reason.THEME_FILL),
}
"""By the content type, in lower case, behind "openxmlformats-officedocument."."""


_NO_PAGES = {"image/svg+xml", "application/vnd.openxmlformats-package.relationships+xml"}
"""XML without any use of pictures; SVGs may have a document type, and are never parsed."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """What the main part says about the whole deck."""

    slide_parts: tuple[str, ...]
    """In the order of the show; a slide that is missing leaves no gap in the numbers."""
    slide_box: Box
    default_image_dpi: int | None
    cap_ppi: float | None
    """What PowerPoint would reduce pictures to when it saves; None for no limit."""

    @property
    def slide_in(self) -> tuple[float, float]:
        """Width and height of the slides, in inches."""
        return self.slide_box.width_in, self.slide_box.height_in


@dataclass(frozen=True, slots=True)
class Page:
    """An XML part that may use pictures."""

    part: str
    scope: Scope
    slide: int | None = None
    reason: Reason | None = None
    """Why nothing on it is touched; None where it may be."""


def read_presentation(deck: DeckArchive) -> Presentation:
    """Read the main part.

    Raises:
        MalformedDeckError: it is not a presentation that can be read.
    """
    main = deck.package.main_part
    root = parse(deck.read_xml(main), main)
    if root.tag != P + "presentation":
        raise MalformedDeckError("The main part is not a presentation.")
    relationships = deck.package.relationships(main)
    parts = {rel.id: rel.part for rel in relationships}
    ids = [one.get(R + "id", "") for one in root.iterfind(f"{P}sldIdLst/{P}sldId")]
    slides = [part for part in (parts.get(one) for one in ids) if part is not None]
    width, height = _slide_size(root.find(P + "sldSz"))
    dpi = _default_image_dpi(deck, root, relationships)
    reduces = root.get("autoCompressPictures", "1") not in {"0", "false", "off"}
    return Presentation(
        slide_parts=tuple(dict.fromkeys(slides)),
        slide_box=Box(centre_x=width / 2, centre_y=height / 2, width=width, height=height),
        default_image_dpi=dpi,
        cap_ppi=dpi if reduces and dpi is not None and 0 < dpi < _HIGH_FIDELITY else None,
    )


def _slide_size(size: etree._Element | None) -> tuple[float, float]:
    if size is None:
        return _DEFAULT_SLIDE_EMU
    width, height = emu(size.get("cx")), emu(size.get("cy"))
    if not width or not height or width < 0 or height < 0:
        raise MalformedDeckError("The slides have no size.")
    return width, height


def _default_image_dpi(
    deck: DeckArchive, root: etree._Element, relationships: Iterable[Relationship]
) -> int | None:
    """Find p14:defaultImageDpi (MS-PPTX 2.3.8), which stands in either of two parts."""
    found = root.find(f".//{_P14}defaultImageDpi")
    for rel in relationships:
        if found is None and rel.kind == "presProps" and rel.part is not None:
            found = _properties(deck, rel.part).find(f".//{_P14}defaultImageDpi")
    value = "" if found is None else found.get("val", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None


def _properties(deck: DeckArchive, part: str) -> etree._Element:
    try:
        return parse(deck.read_xml(part), part)
    except MalformedDeckError:
        return etree.Element("unreadable")


def all_pages(deck: DeckArchive, presentation: Presentation) -> Iterator[Page]:
    """Yield slides in the order of the show, then layouts, masters, and all other XML parts."""
    for number, part in enumerate(presentation.slide_parts, start=1):
        yield Page(part, Scope.SLIDE, slide=number)
    slides = set(presentation.slide_parts)
    others = [_page(deck, part) for part in sorted(deck.names) if part not in slides]
    for scope in (Scope.LAYOUT, Scope.MASTER, Scope.OTHER):
        yield from (page for page in others if page is not None and page.scope is scope)


def _page(deck: DeckArchive, part: str) -> Page | None:
    content_type = deck.package.content_type(part).lower()
    if not content_type.endswith(("+xml", "/xml")) or content_type in _NO_PAGES:
        return None
    short = content_type.rpartition("openxmlformats-officedocument.")[2]
    scope, reason = _SCOPE_OF_TYPE.get(short, (Scope.OTHER, None))
    if scope is Scope.OTHER and reason is None:
        reason = _reason_of_drawing(content_type)
    return Page(part, scope, reason=reason)


def _reason_of_drawing(content_type: str) -> Reason | None:
    """Charts and diagrams come with styles, colours and drawings of several vendors' types."""
    if "chart" in content_type:
        return Reason.CHART
    return Reason.SMARTART if "diagram" in content_type else None


def _parse_trimmed(blob: bytes, part: str) -> etree._Element:
    try:
        return parse_clean(without_plain_shapes(blob), part)
    except MalformedDeckError:
        return parse_clean(blob, part)


class PageReader:
    """Reads pages, each at most once, and remembers what their placeholders pass on."""

    def __init__(self, deck: DeckArchive) -> None:
        self._deck = deck
        self._boxes: dict[str, PlaceholderBoxes | None] = {}
        self._depth = 0
        self.unreadable: list[str] = []

    def root_with_blips(self, page: Page) -> etree._Element | None:
        """Return a page's XML, None where it uses no picture or cannot be read.

        Raises:
            UnsafeDeckError: it has a DOCTYPE, or is built to fill the memory.
        """
        try:
            blob = as_utf8(self._deck.read_xml(page.part), page.part)
            # A name in markup has one spelling only, so most parts need not be parsed at all.
            return _parse_trimmed(blob, page.part) if b"blip" in blob else None
        except MalformedDeckError:
            self.unreadable.append(page.part)
            return None

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return a page's relationships by id, none where they cannot be read."""
        try:
            return {rel.id: rel for rel in self._deck.package.relationships(part)}
        except MalformedDeckError:
            self.unreadable.append(part)
            return {}

    def inherited(self, part: str) -> PlaceholderBoxes | None:
        """Return the placeholders of a slide's layout or a layout's master."""
        for rel in self.relationships(part).values():
            if rel.kind in {"slideLayout", "slideMaster"} and rel.part is not None:
                return self._placeholders(rel.part, is_master=rel.kind == "slideMaster")
        return None

    def _placeholders(self, part: str, *, is_master: bool) -> PlaceholderBoxes | None:
        if part not in self._boxes:
            # A ring of layouts would never end; whoever asks meanwhile inherits nothing.
            self._boxes[part] = None
            if self._depth >= MAX_INHERITED:
                raise UnsafeDeckError("The deck's layouts stand on each other without end.")
            self._depth += 1
            try:
                self._boxes[part] = self._read_placeholders(part, is_master=is_master)
            finally:
                self._depth -= 1
        return self._boxes[part]

    def _read_placeholders(self, part: str, *, is_master: bool) -> PlaceholderBoxes | None:
        try:
            root = parse(self._deck.read_xml(part), part)
        except MalformedDeckError:
            self.unreadable.append(part)
            return None
        parent = None if is_master else self.inherited(part)
        return read_placeholders(root, is_master=is_master, parent=parent)
