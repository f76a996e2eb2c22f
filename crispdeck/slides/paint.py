"""Fills and lines of shapes as SVG attributes: plain colours and gradients."""

from lxml import etree

from crispdeck.deck.geometry import emu, fraction
from crispdeck.deck.opc.markup import A, P
from crispdeck.slides.colours import Colour, Palette
from crispdeck.slides.outlines import EMU_PER_PT, SVG, number

_MAX_STOPS = 20  # of one gradient; PowerPoint offers ten
_ANGLE_UNITS_PER_DEG = 60_000  # ECMA-376 part 1, 20.1.10.3


class Paint:
    """Colours outlines of one drawing; gradients go into its a:defs."""

    def __init__(self, palette: Palette, svg: etree._Element) -> None:
        self._palette = palette
        self._definitions = etree.SubElement(svg, SVG + "defs")

    def fill(
        self,
        drawn: etree._Element,
        properties: etree._Element | None,
        style: etree._Element | None = None,
    ) -> None:
        """Fill as the shape itself says, else as its style does, else not at all."""
        for item in () if properties is None else properties:
            if item.tag == A + "noFill":
                return
            if item.tag == A + "solidFill":
                _colour(drawn, "fill", self._palette.of(item))
                return
            if item.tag == A + "gradFill":
                self._gradient(drawn, item)
                return
            if item.tag in {A + "blipFill", A + "pattFill", A + "grpFill"}:
                return
        reference = None if style is None else style.find(A + "fillRef")
        if reference is not None and reference.get("idx", "0") != "0":
            _colour(drawn, "fill", self._palette.of(reference))

    def line(
        self,
        drawn: etree._Element,
        properties: etree._Element | None,
        style: etree._Element | None,
    ) -> None:
        """Draw the line as the shape itself says, else as its style does, else none."""
        line = None if properties is None else properties.find(A + "ln")
        colour: Colour | None = None
        if line is not None:
            if line.find(A + "noFill") is not None:
                return
            colour = self._palette.of(line.find(A + "solidFill"))
        reference = None if style is None else style.find(A + "lnRef")
        if colour is None and reference is not None and reference.get("idx", "0") != "0":
            colour = self._palette.of(reference)
        if colour is None:
            return
        width_pt = (emu(line.get("w")) or 9_525) / EMU_PER_PT if line is not None else 0.75
        _colour(drawn, "stroke", colour)
        drawn.set("stroke-width", number(width_pt))
        if line is not None and line.find(A + "prstDash") is not None:
            dash = line.find(A + "prstDash")
            if dash is not None and dash.get("val", "solid") != "solid":
                drawn.set("stroke-dasharray", f"{number(4 * width_pt)} {number(3 * width_pt)}")

    def _gradient(self, drawn: etree._Element, fill: etree._Element) -> None:
        stops = [
            (fraction(stop.get("pos")), colour)
            for stop in fill.findall(f"{A}gsLst/{A}gs")[:_MAX_STOPS]
            if (colour := self._palette.of(stop)) is not None
        ]
        if not stops:
            return
        name = f"g{len(self._definitions)}"
        linear = fill.find(A + "lin")
        kind = "linearGradient" if linear is not None else "radialGradient"
        gradient = etree.SubElement(self._definitions, SVG + kind, id=name)
        if linear is not None:
            angle = linear.get("ang", "0")
            degrees = int(angle) / _ANGLE_UNITS_PER_DEG if angle.lstrip("-").isdigit() else 0.0
            gradient.set("gradientTransform", f"rotate({number(degrees)} 0.5 0.5)")
        for place, colour in sorted(stops, key=lambda stop: stop[0]):
            stop = etree.SubElement(gradient, SVG + "stop", offset=number(place))
            stop.set("stop-color", colour.css)
            stop.set("stop-opacity", number(colour.alpha))
        drawn.set("fill", f"url(#{name})")


def _colour(drawn: etree._Element, what: str, colour: Colour | None) -> None:
    if colour is None:
        return
    drawn.set(what, colour.css)
    if colour.alpha < 1:
        drawn.set(f"{what}-opacity", number(colour.alpha))


def ink_of(style: etree._Element | None, palette: Palette) -> Colour:
    """Return the colour of text that says none: the style's, else the theme's."""
    reference = None if style is None else style.find(A + "fontRef")
    return palette.of(reference) or palette.named("tx1")


def style_of(shape: etree._Element) -> etree._Element | None:
    """Return a shape's p:style."""
    return shape.find(P + "style")
