"""The box of a shape, inherited from its layout and master where it is a placeholder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from crispdeck.deck.geometry import Box, on_page, xfrm_box
from crispdeck.deck.opc.markup import A, P

_MASTER_TYPES = {
    "ctrTitle": "title",
    "title": "title",
    "dt": "dt",
    "ftr": "ftr",
    "sldNum": "sldNum",
}
"""Which of a master's placeholders one on a layout follows; all other types follow its body."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What a p:ph says (ECMA-376 Part 1, 19.3.1.36), with the schema's defaults."""

    type: str
    idx: str


@dataclass(frozen=True)
class PlaceholderBoxes:
    """The placeholders of one layout or master, and those that it follows itself."""

    boxes: Mapping[Placeholder, Box | None]
    is_master: bool
    parent: "PlaceholderBoxes | None" = None

    def find(self, wanted: Placeholder) -> Box | None:
        """Return the box that a placeholder one level down inherits; None where there is none."""
        for placeholder, box in self.boxes.items():
            if self._is_followed_by(placeholder, wanted):
                return box or (self.parent.find(placeholder) if self.parent else None)
        return None

    def _is_followed_by(self, mine: Placeholder, wanted: Placeholder) -> bool:
        if self.is_master:
            return mine.type == _MASTER_TYPES.get(wanted.type, "body")
        return mine.idx == wanted.idx


def read_placeholders(
    root: etree._Element, *, is_master: bool, parent: PlaceholderBoxes | None
) -> PlaceholderBoxes:
    """Collect the placeholders of a layout or a master."""
    boxes: dict[Placeholder, Box | None] = {}
    for shape in root.iter(P + "sp", P + "pic"):
        placeholder = placeholder_of(shape)
        if placeholder is not None:
            boxes.setdefault(placeholder, own_box(shape))
    return PlaceholderBoxes(boxes=boxes, is_master=is_master, parent=parent)


def placeholder_of(shape: etree._Element) -> Placeholder | None:
    """Return what a shape's p:ph says; None where it is no placeholder."""
    for properties in ("nvPicPr", "nvSpPr", "nvGraphicFramePr"):
        found = shape.find(f"{P}{properties}/{P}nvPr/{P}ph")
        if found is not None:
            return Placeholder(type=found.get("type", "obj"), idx=found.get("idx", "0"))
    return None


def own_box(shape: etree._Element) -> Box | None:
    """Return the box on the page that the shape itself states, out of its groups."""
    box = xfrm_box(shape.find(f"{P}spPr/{A}xfrm"))
    return None if box is None else on_page(box, shape)


def box_of(shape: etree._Element, inherited: Callable[[], PlaceholderBoxes | None]) -> Box | None:
    """Return a shape's box on the page: its own, else its layout's, else the master's."""
    if shape.find(f"{P}spPr/{A}xfrm") is not None:
        return own_box(shape)
    placeholder = placeholder_of(shape)
    boxes = None if placeholder is None else inherited()
    return None if placeholder is None or boxes is None else boxes.find(placeholder)
