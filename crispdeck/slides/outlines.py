"""Outlines of shapes as SVG elements: the common presets, and what a deck draws itself."""

from lxml import etree

from crispdeck.deck.geometry import Box, emu
from crispdeck.deck.opc.markup import A

SVG = "{http://www.w3.org/2000/svg}"
EMU_PER_PT = 12_700  # 914,400 to the inch, 72 points to the inch

_MAX_STEPS = 2_000  # of one path; a guess: traced logos have some hundreds

_POLYGONS = {
    "triangle": "0.5,0 1,1 0,1",
    "rtTriangle": "0,0 1,1 0,1",
    "diamond": "0.5,0 1,0.5 0.5,1 0,0.5",
    "parallelogram": "0.25,0 1,0 0.75,1 0,1",
    "trapezoid": "0.25,0 0.75,0 1,1 0,1",
    "pentagon": "0.5,0 1,0.38 0.81,1 0.19,1 0,0.38",
    "homePlate": "0,0 0.75,0 1,0.5 0.75,1 0,1",
    "chevron": "0,0 0.75,0 1,0.5 0.75,1 0,1 0.25,0.5",
    "hexagon": "0.25,0 0.75,0 1,0.5 0.75,1 0.25,1 0,0.5",
    "rightArrow": "0,0.25 0.6,0.25 0.6,0 1,0.5 0.6,1 0.6,0.75 0,0.75",
    "leftArrow": "1,0.25 0.4,0.25 0.4,0 0,0.5 0.4,1 0.4,0.75 1,0.75",
    "downArrow": "0.25,0 0.25,0.6 0,0.6 0.5,1 1,0.6 0.75,0.6 0.75,0",
    "upArrow": "0.25,1 0.25,0.4 0,0.4 0.5,0 1,0.4 0.75,0.4 0.75,1",
    "leftRightArrow": "0,0.5 0.2,0 0.2,0.25 0.8,0.25 0.8,0 1,0.5 0.8,1 0.8,0.75 0.2,0.75 0.2,1",
    "plus": "0.3,0 0.7,0 0.7,0.3 1,0.3 1,0.7 0.7,0.7 0.7,1 0.3,1 0.3,0.7 0,0.7 0,0.3 0.3,0.3",
}
"""Corners in shares of the box, at the presets' own default adjustments or near them."""

_ROUND = {"roundRect", "round2SameRect", "round1Rect", "flowChartAlternateProcess", "plaque"}
_OVAL = {"ellipse", "flowChartConnector", "donut", "pie", "chord", "cloud", "cloudCallout"}
_LINES = {"line", "lineInv"}


def number(value: float) -> str:
    """Write a length in points, short."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def left_top_pt(box: Box) -> tuple[float, float]:
    """Return the corner before rotation, in points."""
    left, top = box.centre_x - box.width / 2, box.centre_y - box.height / 2
    return left / EMU_PER_PT, top / EMU_PER_PT


def outline(properties: etree._Element | None, box: Box, *, is_line: bool) -> etree._Element:
    """Return the outline of a shape in its box, without colours.

    Args:
        properties: the p:spPr.
        is_line: for connectors: what is no known preset is a straight line.
    """
    left, top = left_top_pt(box)
    width, height = box.width / EMU_PER_PT, box.height / EMU_PER_PT
    custom = None if properties is None else properties.find(A + "custGeom")
    if custom is not None:
        path = _custom(custom, left, top, width, height)
        if path:
            return etree.Element(SVG + "path", d=path)
    preset = None if properties is None else properties.find(A + "prstGeom")
    name = "" if preset is None else preset.get("prst", "")
    if name in _LINES or (is_line and name not in _POLYGONS):
        ends = {"x1": left, "y1": top, "x2": left + width, "y2": top + height}
        return etree.Element(SVG + "line", {key: number(value) for key, value in ends.items()})
    if name in _POLYGONS:
        corners = (corner.split(",") for corner in _POLYGONS[name].split())
        points = (
            f"{number(left + float(x) * width)},{number(top + float(y) * height)}"
            for x, y in corners
        )
        return etree.Element(SVG + "polygon", points=" ".join(points))
    if name in _OVAL:
        shape = {"cx": left + width / 2, "cy": top + height / 2, "rx": width / 2, "ry": height / 2}
        return etree.Element(SVG + "ellipse", {key: number(value) for key, value in shape.items()})
    return rectangle(box, 0.167 * min(width, height) if name in _ROUND else 0.0)


def rectangle(box: Box, radius_pt: float = 0.0) -> etree._Element:
    """Return the box itself."""
    left, top = left_top_pt(box)
    sides = {
        "x": left,
        "y": top,
        "width": box.width / EMU_PER_PT,
        "height": box.height / EMU_PER_PT,
    }
    if radius_pt:
        sides["rx"] = radius_pt
    return etree.Element(SVG + "rect", {key: number(value) for key, value in sides.items()})


def _custom(
    geometry: etree._Element, left: float, top: float, width: float, height: float
) -> str | None:
    """Return an a:custGeom's paths (20.1.9.8); arcs and guides are left out, so it may be None."""
    pieces: list[str] = []
    for path in geometry.iterfind(f"{A}pathLst/{A}path"):
        across, down = emu(path.get("w")), emu(path.get("h"))
        scale_x = width / across if across else 1 / EMU_PER_PT
        scale_y = height / down if down else 1 / EMU_PER_PT
        for step in path:
            if len(pieces) >= _MAX_STEPS:
                return None
            letter = _STEPS.get(str(step.tag))
            if letter is None:
                return None
            points = [(emu(one.get("x")), emu(one.get("y"))) for one in step.iterfind(A + "pt")]
            placed = [
                f"{number(left + x * scale_x)} {number(top + y * scale_y)}"
                for x, y in points
                if x is not None and y is not None
            ]
            if len(placed) != len(points):
                return None
            pieces.append(letter + " ".join(placed))
    return "".join(pieces) or None


_STEPS = {
    A + "moveTo": "M",
    A + "lnTo": "L",
    A + "cubicBezTo": "C",
    A + "quadBezTo": "Q",
    A + "close": "Z",
}
