"""All that one slide is drawn from: itself, its layout, its master and their theme."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from crispdeck.deck.geometry import Box
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.opc.markup import A, P, parse
from crispdeck.deck.opc.package import Relationship
from crispdeck.deck.pages import PageReader, Presentation, read_presentation
from crispdeck.deck.placeholders import PlaceholderBoxes, placeholder_of
from crispdeck.errors import MalformedDeckError, NotFoundError
from crispdeck.slides.colours import Palette

_MASTER_STYLES = {"title": "titleStyle", "ctrTitle": "titleStyle"}
_MASTER_TYPES = {"ctrTitle": "title", "subTitle": "body", "obj": "body"}


@dataclass(frozen=True)
class Source:
    """One page with its relationships by id."""

    part: str
    root: etree._Element
    relationships: dict[str, Relationship]

    def follow(self, kind: str) -> str | None:
        """Return the part that the first relationship of a kind leads to."""
        found = (rel.part for rel in self.relationships.values() if rel.kind == kind)
        return next((part for part in found if part is not None), None)


class SlideSources:
    """The slide and the pages under it, read once.

    Raises:
        NotFoundError: the deck has no slide of this number.
        MalformedDeckError: the slide itself cannot be read; what it stands on may be broken.
    """

    def __init__(self, deck: DeckArchive, number: int) -> None:
        self._deck = deck
        self._reader = PageReader(deck)
        self.presentation: Presentation = read_presentation(deck)
        if not 1 <= number <= len(self.presentation.slide_parts):
            raise NotFoundError(f"The deck has no slide {number}.")
        part = self.presentation.slide_parts[number - 1]
        self.slide = Source(
            part, parse(deck.read_xml(part), part), self._reader.relationships(part)
        )
        self.layout = self._source(self.slide.follow("slideLayout"))
        self.master = self._source(self.layout.follow("slideMaster")) if self.layout else None

    @cached_property
    def palette(self) -> Palette:
        """The colours of the master's theme under the master's names."""
        if self.master is None:
            return Palette(None, {})
        theme = self._source(self.master.follow("theme"))
        names = self.master.root.find(P + "clrMap")
        mapped = {} if names is None else {str(k): str(v) for k, v in names.items()}
        return Palette(None if theme is None else theme.root, mapped)

    def under(self) -> Iterator[Source]:
        """Yield the master and the layout, as far as their shapes show on the slide."""
        hides = {"0", "false", "off"}
        if self.layout is None or self.slide.root.get("showMasterSp", "1") in hides:
            return
        if self.master is not None and self.layout.root.get("showMasterSp", "1") not in hides:
            yield self.master
        yield self.layout

    def chain(self) -> Iterator[Source]:
        """Yield the slide, its layout and its master."""
        yield from (one for one in (self.slide, self.layout, self.master) if one is not None)

    def inherited(self, part: str) -> PlaceholderBoxes | None:
        """Return what the placeholders of a page follow."""
        return self._reader.inherited(part)

    @property
    def box(self) -> Box:
        """The slide."""
        return self.presentation.slide_box

    def text_styles(self, shape: etree._Element) -> list[etree._Element]:
        """Return the elements that hold lvl1pPr and so on for a shape's text, nearest first."""
        found = [shape.find(f"{P}txBody/{A}lstStyle")]
        placeholder = placeholder_of(shape)
        kind = "" if placeholder is None else placeholder.type
        if placeholder is not None:
            found += [_list_style(one) for one in self.followed(shape)]
        if self.master is not None:
            name = "otherStyle" if placeholder is None else _MASTER_STYLES.get(kind, "bodyStyle")
            found.append(self.master.root.find(f"{P}txStyles/{P}{name}"))
        return [one for one in found if one is not None]

    def followed(self, shape: etree._Element) -> list[etree._Element]:
        """Return the placeholders of layout and master that a placeholder follows."""
        mine = placeholder_of(shape)
        found = []
        kind = "" if mine is None else mine.type
        for one in _placeholders(self.layout):
            theirs = placeholder_of(one)
            if mine and theirs and theirs.idx == mine.idx:
                found.append(one)
                kind = theirs.type
                break
        wanted = _MASTER_TYPES.get(kind, kind)
        for one in _placeholders(self.master):
            theirs = placeholder_of(one)
            if mine and theirs and theirs.type == wanted:
                found.append(one)
                break
        return found

    def _source(self, part: str | None) -> Source | None:
        if part is None:
            return None
        try:
            root = parse(self._deck.read_xml(part), part)
        except MalformedDeckError:
            return None
        return Source(part, root, self._reader.relationships(part))


def _placeholders(source: Source | None) -> Iterator[etree._Element]:
    if source is not None:
        yield from (one for one in source.root.iter(P + "sp") if placeholder_of(one) is not None)


def _list_style(shape: etree._Element) -> etree._Element | None:
    return shape.find(f"{P}txBody/{A}lstStyle")
