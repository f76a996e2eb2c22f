"""How large a shape is shown: lengths, rectangles, groups and rotation; knows no pictures."""

import math
import re
from dataclasses import dataclass, replace

from lxml import etree

from crispdeck.deck.model import Crop
from crispdeck.deck.opc.markup import A, P

EMU_PER_IN = 914_400  # ECMA-376 part 1, 20.1.2.1: English Metric Units in an inch
_ANGLE_UNITS_PER_DEG = 60_000  # ECMA-376 part 1, 20.1.10.3: ST_Angle counts 60,000ths of a degree
_MAX_EMU = 2**53  # floats hold whole numbers exactly up to here; some 250,000 km
_MAX_GROUPS = 20  # groups one inside the other; a guess at what nobody nests
_WHOLE = Crop()

_MEASURE = re.compile(r"\s*(-?[0-9.]{1,20})(mm|cm|in|pt|pc|pi)\s*")
_EMU_PER_UNIT = {"mm": 36_000, "cm": 360_000, "in": 914_400, "pt": 12_700, "pc": 152_400}
"""ECMA-376 part 1, 22.9.2.15, ST_UniversalMeasure: the units."""
_EMU_PER_UNIT["pi"] = _EMU_PER_UNIT["pc"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in EMU around its centre, and how it is turned about it.

    Attributes:
        rotation_deg: clockwise.
        is_mirrored: flipped across exactly one axis.
    """

    centre_x: float
    centre_y: float
    width: float
    height: float
    rotation_deg: float = 0.0
    is_mirrored: bool = False

    @property
    def left_in(self) -> float:
        """Left edge before rotation, in inches."""
        return (self.centre_x - self.width / 2) / EMU_PER_IN

    @property
    def top_in(self) -> float:
        """Top edge before rotation, in inches."""
        return (self.centre_y - self.height / 2) / EMU_PER_IN

    @property
    def width_in(self) -> float:
        """Width in inches."""
        return self.width / EMU_PER_IN

    @property
    def height_in(self) -> float:
        """Height in inches."""
        return self.height / EMU_PER_IN


def emu(text: str | None) -> float | None:
    """Parse ST_Coordinate: EMU, or a number with its unit (ECMA-376 Part 1, 20.1.10.16)."""
    if text is None:
        return None
    measure = _MEASURE.fullmatch(text)
    value = _number(measure[1]) if measure else _number(text)
    if value is None:
        return None
    value *= _EMU_PER_UNIT[measure[2]] if measure else 1
    return value if abs(value) < _MAX_EMU else None


def fraction(text: str | None) -> float:
    """Parse ST_Percentage: thousandths of a percent, or "12.5%" in strict files; else 0."""
    if not text:
        return 0.0
    is_percent = text.strip().endswith("%")
    value = _number(text.strip().rstrip("%"))
    return 0.0 if value is None else value / (100 if is_percent else 100_000)


def rectangle(element: etree._Element | None) -> Crop:
    """Read l, t, r, b of an a:srcRect or a:fillRect; none there means no crop."""
    if element is None or not element.keys():
        return _WHOLE
    return Crop(*(fraction(element.get(side)) for side in ("l", "t", "r", "b")))


def xfrm_box(xfrm: etree._Element | None) -> Box | None:
    """Read an a:xfrm (20.1.7.6) in the coordinates of its parent; None where it says no size."""
    if xfrm is None:
        return None
    left, top = _pair(xfrm, "off", "x", "y")
    width, height = _pair(xfrm, "ext", "cx", "cy")
    if width is None or height is None or width < 0 or height < 0:
        return None
    return Box(
        centre_x=(left or 0.0) + width / 2,
        centre_y=(top or 0.0) + height / 2,
        width=width,
        height=height,
        rotation_deg=(_number(xfrm.get("rot")) or 0.0) / _ANGLE_UNITS_PER_DEG % 360,
        is_mirrored=_is_true(xfrm.get("flipH")) != _is_true(xfrm.get("flipV")),
    )


def on_page(box: Box, shape: etree._Element) -> Box | None:
    """Carry a shape's box out of all groups around it.

    None where a group has no scale, or where there are more groups than anybody nests.
    """
    found: Box | None = box
    for depth, group in enumerate(shape.iterancestors(P + "grpSp")):
        if found is None or depth == _MAX_GROUPS:
            return None
        found = _out_of_group(found, group)
    return found


def _out_of_group(box: Box, group: etree._Element) -> Box | None:
    """Apply one group's scale, flip and rotation (20.1.7.5).

    A child turned by 45 to 135 degrees keeps its box upright in its own axes, so the group's
    horizontal scale acts on its height.
    """
    xfrm = group.find(f"{P}grpSpPr/{A}xfrm")
    frame = xfrm_box(xfrm)
    if xfrm is None or frame is None:
        return box
    child_x, child_y = _pair(xfrm, "chOff", "x", "y")
    child_width, child_height = _pair(xfrm, "chExt", "cx", "cy")
    if not child_width or not child_height:
        return box if frame.width == frame.height == 0 else None
    scale_x, scale_y = frame.width / child_width, frame.height / child_height
    across = 45 <= box.rotation_deg % 180 < 135
    offset_x = (box.centre_x - (child_x or 0.0) - child_width / 2) * scale_x
    offset_y = (box.centre_y - (child_y or 0.0) - child_height / 2) * scale_y
    if _is_true(xfrm.get("flipH")):
        offset_x = -offset_x
    if _is_true(xfrm.get("flipV")):
        offset_y = -offset_y
    cos, sin = (
        math.cos(math.radians(frame.rotation_deg)),
        math.sin(math.radians(frame.rotation_deg)),
    )
    own_rotation_deg = -box.rotation_deg if frame.is_mirrored else box.rotation_deg
    return Box(
        centre_x=frame.centre_x + offset_x * cos - offset_y * sin,
        centre_y=frame.centre_y + offset_x * sin + offset_y * cos,
        width=box.width * (scale_y if across else scale_x),
        height=box.height * (scale_x if across else scale_y),
        rotation_deg=(own_rotation_deg + frame.rotation_deg) % 360,
        is_mirrored=box.is_mirrored != frame.is_mirrored,
    )


def filled(box: Box, fill: Crop) -> Box | None:
    """Return the box that a picture fills under an a:fillRect (20.1.8.30); None where empty.

    Negative sides reach beyond the shape. The sides of a turned shape turn with it.
    """
    if fill is _WHOLE:
        return box
    width = box.width * (1 - fill.left - fill.right)
    height = box.height * (1 - fill.top - fill.bottom)
    if width <= 0 or height <= 0:
        return None
    offset_x = box.width * (fill.left - fill.right) / 2
    offset_y = box.height * (fill.top - fill.bottom) / 2
    cos, sin = math.cos(math.radians(box.rotation_deg)), math.sin(math.radians(box.rotation_deg))
    return replace(
        box,
        centre_x=box.centre_x + offset_x * cos - offset_y * sin,
        centre_y=box.centre_y + offset_x * sin + offset_y * cos,
        width=width,
        height=height,
    )


def _pair(xfrm: etree._Element, tag: str, x: str, y: str) -> tuple[float | None, float | None]:
    element = xfrm.find(A + tag)
    if element is None:
        return None, None
    return emu(element.get(x)), emu(element.get(y))


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _is_true(text: str | None) -> bool:
    return text in {"1", "true", "on"}
