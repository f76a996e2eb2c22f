"""DrawingML colours as they are meant by a theme (ECMA-376 Part 1, 20.1.2.3); paints nothing."""

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from crispdeck.deck.geometry import fraction
from crispdeck.deck.opc.markup import A

_PRESETS = {
    "black": "000000",
    "white": "ffffff",
    "red": "ff0000",
    "green": "008000",
    "blue": "0000ff",
    "yellow": "ffff00",
    "cyan": "00ffff",
    "magenta": "ff00ff",
    "gray": "808080",
    "grey": "808080",
    "ltGray": "d3d3d3",
    "dkGray": "a9a9a9",
    "orange": "ffa500",
}
"""The preset names that decks use; any other is drawn grey."""

_DEFAULT_MAP = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
_DEFAULT_SCHEME = {
    "dk1": "000000",
    "lt1": "ffffff",
    "dk2": "44546a",
    "lt2": "e7e6e6",
    "accent1": "4472c4",
    "accent2": "ed7d31",
    "accent3": "a5a5a5",
    "accent4": "ffc000",
    "accent5": "5b9bd5",
    "accent6": "70ad47",
    "hlink": "0563c1",
    "folHlink": "954f72",
}


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in sRGB and how opaque it is, from 0 to 1."""

    rgb: str
    """Six hex digits."""
    alpha: float = 1.0

    @property
    def css(self) -> str:
        """As SVG writes it."""
        return f"#{self.rgb}"

    @property
    def lightness(self) -> float:
        """From 0, black, to 1, white (Rec. 709 weights)."""
        red, green, blue = _channels(self.rgb)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Palette:
    """The colours of one slide: its theme's, by the names that its master gives them."""

    def __init__(self, theme: etree._Element | None, names: Mapping[str, str]) -> None:
        self._scheme = dict(_DEFAULT_SCHEME)
        self._names = _DEFAULT_MAP | dict(names)
        for item in () if theme is None else theme.iterfind(f".//{A}clrScheme/*"):
            name = etree.QName(item).localname
            for colour in item:
                self._scheme[name] = _own(colour) or self._scheme.get(name, "808080")

    def named(self, name: str) -> Colour:
        """Return a colour of the scheme, such as tx1 or accent2."""
        return Colour(self._scheme.get(self._names.get(name, name), "808080"))

    def of(self, holder: etree._Element | None, instead: Colour | None = None) -> Colour | None:
        """Return the colour that stands in an element such as a:solidFill.

        Args:
            instead: what a:schemeClr val="phClr" stands for.
        """
        for item in () if holder is None else holder:
            found = self._base(item, instead)
            if found is not None:
                return _modified(found, item)
        return None

    def _base(self, item: etree._Element, instead: Colour | None) -> Colour | None:
        if item.tag == A + "schemeClr":
            name = item.get("val", "")
            return instead if name == "phClr" else self.named(name)
        rgb = _own(item)
        return None if rgb is None else Colour(rgb)


def _own(item: etree._Element) -> str | None:
    """Return the colour of an element that needs no theme; None where it is none."""
    kind = item.tag
    if kind == A + "srgbClr":
        return _hex(item.get("val", ""))
    if kind == A + "sysClr":
        return _hex(item.get("lastClr", "ffffff" if item.get("val") == "window" else "000000"))
    if kind == A + "prstClr":
        return _PRESETS.get(item.get("val", ""), "808080")
    if kind == A + "scrgbClr":
        return _joined(*(_gamma(fraction(item.get(one))) for one in "rgb"))
    return None


def _modified(colour: Colour, item: etree._Element) -> Colour:
    rgb, alpha = _channels(colour.rgb), colour.alpha
    for change in item:
        share = fraction(change.get("val"))
        name = etree.QName(change).localname
        if name == "alpha":
            alpha = min(1.0, max(0.0, share))
        elif name == "shade":
            rgb = (rgb[0] * share, rgb[1] * share, rgb[2] * share)
        elif name == "tint":
            rgb = (1 - (1 - rgb[0]) * share, 1 - (1 - rgb[1]) * share, 1 - (1 - rgb[2]) * share)
        elif name in {"lumMod", "lumOff", "satMod"}:
            rgb = _in_hls(rgb, name, share)
    return Colour(_joined(*rgb), alpha)


def _in_hls(rgb: tuple[float, float, float], name: str, share: float) -> tuple[float, float, float]:
    hue, light, saturation = colorsys.rgb_to_hls(*rgb)
    if name == "satMod":
        saturation *= share
    else:
        light = light * share if name == "lumMod" else light + share
    return colorsys.hls_to_rgb(hue, min(1.0, max(0.0, light)), min(1.0, max(0.0, saturation)))


def _hex(text: str) -> str:
    is_hex = len(text) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in text)
    return text.lower() if is_hex else "808080"


def _channels(rgb: str) -> tuple[float, float, float]:
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _joined(red: float, green: float, blue: float) -> str:
    return "".join(f"{round(255 * min(1.0, max(0.0, one))):02x}" for one in (red, green, blue))


def _gamma(linear: float) -> float:
    return float(max(0.0, linear) ** (1 / 2.2))
