"""A shape's text as paragraphs of runs: size, colour and place, inherited as they are meant."""

from collections.abc import Iterator, Sequence

from lxml import etree

from crispdeck.deck.geometry import emu, fraction
from crispdeck.deck.opc.markup import A
from crispdeck.slides.colours import Colour, Palette
from crispdeck.slides.lettering import Paragraph, Run
from crispdeck.slides.outlines import EMU_PER_PT

DEFAULT_PT = 18.0  # what PowerPoint shows where no style gives a size
MAX_LETTERS = 4_000
"""Of one shape; a slide shows less."""


class TextReader:
    """Reads the text of one shape.

    Args:
        styles: elements with a:lvl1pPr and so on, nearest first.
        ink: the colour of text that says none.
        is_ink_own: the shape's own style says `ink`, which then wins over what is inherited.
        scale: what a:normAutofit shrinks the letters by.
    """

    def __init__(
        self,
        styles: Sequence[etree._Element],
        palette: Palette,
        ink: Colour,
        *,
        is_ink_own: bool = False,
        scale: float = 1.0,
    ) -> None:
        self._styles = styles
        self._palette = palette
        self._ink = ink
        self._is_ink_own = is_ink_own
        self._scale = scale
        self._left = MAX_LETTERS

    def paragraphs(self, body: etree._Element) -> Iterator[Paragraph]:
        """Yield the paragraphs of a txBody that say something, and empty ones between them."""
        for element in body.iterfind(A + "p"):
            if self._left <= 0:
                return
            yield self._paragraph(element)

    def _paragraph(self, element: etree._Element) -> Paragraph:
        own = element.find(A + "pPr")
        level = int(own.get("lvl", "0")) if own is not None and own.get("lvl", "0").isdigit() else 0
        chain = [] if own is None else [own]
        name = f"{A}lvl{min(level, 8) + 1}pPr"
        chain += [found for style in self._styles if (found := style.find(name)) is not None]
        runs = tuple(self._runs(element, chain))
        size_pt = runs[0].size_pt if runs else DEFAULT_PT * self._scale
        return Paragraph(
            runs=runs or (Run(" ", size_pt, self._ink.css),),
            align=_attribute(chain, "algn") or "l",
            left_pt=max(0.0, (emu(_attribute(chain, "marL")) or 0.0) / EMU_PER_PT),
            bullet=_bullet(chain) if runs else "",
            gap_pt=0.2 * size_pt if level == 0 else 0.1 * size_pt,
        )

    def _runs(self, element: etree._Element, chain: Sequence[etree._Element]) -> Iterator[Run]:
        for item in element:
            if item.tag == A + "br":
                yield self._run("\n", item.find(A + "rPr"), chain)
            if item.tag not in {A + "r", A + "fld"}:
                continue
            text = "".join(item.findtext(A + "t", "")).replace("\v", "\n")[: max(0, self._left)]
            self._left -= len(text)
            if text:
                yield self._run(_clean(text), item.find(A + "rPr"), chain)

    def _run(self, text: str, own: etree._Element | None, chain: Sequence[etree._Element]) -> Run:
        run_properties = [] if own is None else [own]
        run_properties += [found for one in chain if (found := one.find(A + "defRPr")) is not None]
        size = _attribute(run_properties, "sz")
        size_pt = int(size) / 100 if size and size.isdigit() else DEFAULT_PT
        asked = ([] if own is None else [own]) if self._is_ink_own else run_properties
        colours = (self._palette.of(properties.find(A + "solidFill")) for properties in asked)
        colour = next((one for one in colours if one is not None), self._ink)
        bold = _attribute(run_properties, "b") in {"1", "true", "on"}
        return Run(text, min(400.0, size_pt) * self._scale, colour.css, bold)


def fit(body_properties: Sequence[etree._Element]) -> float:
    """Return the share that letters are shrunk to, as PowerPoint has noted it (21.1.2.1.3)."""
    for properties in body_properties:
        shrink = properties.find(A + "normAutofit")
        if shrink is not None:
            return fraction(shrink.get("fontScale", "100000")) or 1.0
    return 1.0


def body_attribute(body_properties: Sequence[etree._Element], name: str) -> str | None:
    """Return an attribute of the nearest a:bodyPr that has it."""
    return _attribute(body_properties, name)


def _attribute(chain: Sequence[etree._Element], name: str) -> str | None:
    return next((value for one in chain if (value := one.get(name)) is not None), None)


def _bullet(chain: Sequence[etree._Element]) -> str:
    for one in chain:
        for item in one:
            if item.tag == A + "buNone":
                return ""
            if item.tag in {A + "buChar", A + "buAutoNum", A + "buBlip"}:
                return "•"
    return ""


def _clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(one for one in text if one.isprintable() or one == "\n")
