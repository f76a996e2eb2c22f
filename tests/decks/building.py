"""Build small decks by script: python-pptx makes the slides, lxml the odd uses of pictures."""

import copy
import io
import zipfile
from collections.abc import Callable
from typing import Any

from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.util import Inches

from tests.decks.pictures import saved

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_TILE = f'<a:tile xmlns:a="{_A}" tx="0" ty="0" sx="100000" sy="100000" flip="none" algn="tl"/>'
_STRETCH = f'<a:stretch xmlns:a="{_A}"><a:fillRect/></a:stretch>'
_COLOUR_KEY = (
    f'<a:clrChange xmlns:a="{_A}"><a:clrFrom><a:srgbClr val="FFFFFF"/></a:clrFrom>'
    '<a:clrTo><a:srgbClr val="FFFFFF"><a:alpha val="0"/></a:srgbClr></a:clrTo></a:clrChange>'
)

_DRAWING_TYPES = {"emf": "image/x-emf", "wmf": "image/x-wmf", "svg": "image/svg+xml"}
_ONE_PX = saved(Image.new("1", (1, 1)), "png")


class DeckBuilder:
    """A deck in the making. Sizes in inches; every picture is shown 4 × 3 in unless told."""

    def __init__(self, width_in: float = 10.0, height_in: float = 7.5) -> None:
        self.presentation: Any = Presentation()
        self.presentation.slide_width = Inches(width_in)
        self.presentation.slide_height = Inches(height_in)

    def slide(self) -> Any:
        """Add an empty slide."""
        return self.presentation.slides.add_slide(self.presentation.slide_layouts[6])

    def picture(
        self,
        page: Any,
        blob: bytes,
        box_in: tuple[float, float, float, float] = (1, 1, 4, 3),
    ) -> Any:
        """Add a p:pic; `box_in` is left, top, width, height."""
        return page.shapes.add_picture(io.BytesIO(blob), *(Inches(side) for side in box_in))

    def drawing(self, page: Any, blob: bytes, kind: str, *, behind: bytes | None = None) -> Any:
        """Add a p:pic that shows an EMF, WMF or SVG, which python-pptx does not know.

        Args:
            page: the slide.
            blob: the drawing.
            kind: the suffix of its part.
            behind: a PNG for programs that do not show SVGs.
        """
        picture = self.picture(page, behind or _ONE_PX)
        blip = picture._element.find(f".//{qn('a:blip')}")
        png_id = blip.get(qn("r:embed"))
        number = len(list(self.presentation.part.package.iter_parts()))
        part = Part(
            PackURI(f"/ppt/media/image{number}.{kind}"),
            _DRAWING_TYPES[kind],
            self.presentation.part.package,
            blob,
        )
        rel_id = page.part.relate_to(part, f"{_R}/image")
        if behind is None:
            blip.set(qn("r:embed"), rel_id)
            page.part.drop_rel(png_id)
        else:
            blip.append(
                etree.fromstring(
                    f'<a:extLst xmlns:a="{_A}" xmlns:r="{_R}"><a:ext uri="'
                    '{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip xmlns:asvg="http://'
                    f'schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{rel_id}"/>'
                    "</a:ext></a:extLst>"
                )
            )
        return picture

    def layout_picture(self, blob: bytes) -> None:
        """Put a picture on the layout that `slide` uses (as PowerPoint does, by hand)."""
        page = self.slide()
        picture = self.picture(page, blob)
        layout = page.slide_layout
        element = copy.deepcopy(picture._element)
        part, _ = page.part.get_or_add_image_part(io.BytesIO(blob))
        rel_id = layout.part.relate_to(part, f"{_R}/image")
        element.find(f".//{qn('a:blip')}").set(qn("r:embed"), rel_id)
        layout.shapes._spTree.append(element)
        picture._element.getparent().remove(picture._element)

    def fill(self, page: Any, blob: bytes, *, tile: bool = False) -> Any:
        """Add a rectangle that is filled with a picture, 4 × 3 in."""
        shape = page.shapes.add_shape(1, Inches(5), Inches(4), Inches(4), Inches(3))
        shape._element.spPr.insert(2, self._blip_fill(page, blob, tile=tile))
        return shape

    def table_cell(self, page: Any, blob: bytes) -> Any:
        """Add a table of two cells, 8 × 3 in, whose second is filled with a picture."""
        frame = page.shapes.add_table(1, 2, Inches(1), Inches(2), Inches(8), Inches(3))
        frame.table.cell(0, 0).text = "What it shows"
        cell = frame.table.cell(0, 1)._tc.get_or_add_tcPr()
        cell.append(self._blip_fill(page, blob, tile=False))
        return frame

    def background(self, page: Any, blob: bytes, *, tile: bool = False) -> None:
        """Give a slide a picture as its background."""
        background = etree.fromstring(
            f'<p:bg xmlns:p="{page._element.nsmap["p"]}" xmlns:a="{_A}"><p:bgPr>'
            "<a:effectLst/></p:bgPr></p:bg>"
        )
        background[0].insert(0, self._blip_fill(page, blob, tile=tile))
        page._element.cSld.insert(0, background)

    def bullet(self, page: Any, blob: bytes) -> None:
        """Add a text whose bullet is a picture."""
        box = page.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1))
        box.text_frame.text = "A point"
        _, rel_id = page.part.get_or_add_image_part(io.BytesIO(blob))
        properties = box.text_frame.paragraphs[0]._p.get_or_add_pPr()
        properties.append(
            etree.fromstring(
                f'<a:buBlip xmlns:a="{_A}" xmlns:r="{_R}"><a:blip r:embed="{rel_id}"/></a:buBlip>'
            )
        )

    @staticmethod
    def colour_key(picture: Any) -> None:
        """Make white clear, as "Set Transparent Color" does."""
        picture._element.find(f".//{qn('a:blip')}").insert(0, etree.fromstring(_COLOUR_KEY))

    @staticmethod
    def artistic_effect(picture: Any) -> None:
        """Say that the pixels are the result of an effect on a .wdp layer."""
        extension = etree.fromstring(
            f'<a:extLst xmlns:a="{_A}"><a:ext uri="{{BEBA8EAE-BF5A-486C-A8C5-ECC9F3942E4B}}">'
            '<a14:imgProps xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main">'
            "<a14:imgLayer><a14:imgEffect><a14:artisticBlur/></a14:imgEffect></a14:imgLayer>"
            "</a14:imgProps></a:ext></a:extLst>"
        )
        picture._element.find(f".//{qn('a:blip')}").append(extension)

    @staticmethod
    def fallback(picture: Any) -> None:
        """Move a picture into mc:Fallback, beside a choice that only newer programs draw."""
        element = picture._element
        wrapper = etree.fromstring(
            f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice xmlns:a14="urn:a14" Requires="a14"/>'
            "<mc:Fallback/></mc:AlternateContent>"
        )
        element.getparent().replace(element, wrapper)
        wrapper[1].append(element)

    def build(self) -> bytes:
        """Return the deck."""
        out = io.BytesIO()
        self.presentation.save(out)
        return out.getvalue()

    def _blip_fill(self, page: Any, blob: bytes, *, tile: bool) -> Any:
        _, rel_id = page.part.get_or_add_image_part(io.BytesIO(blob))
        return etree.fromstring(
            f'<a:blipFill xmlns:a="{_A}" xmlns:r="{_R}" rotWithShape="1">'
            f'<a:blip r:embed="{rel_id}"/><a:srcRect/>{_TILE if tile else _STRETCH}</a:blipFill>'
        )


def edited(
    deck: bytes,
    edits: dict[str, Callable[[bytes], bytes]] | None = None,
    *,
    renamed: dict[str, str] | None = None,
    added: dict[str, bytes] | None = None,
) -> bytes:
    """Return the deck with some parts' bytes changed, some parts renamed, some added."""
    edits, renamed = edits or {}, renamed or {}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deck)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            blob = old.read(item)
            if item.filename in edits:
                blob = edits[item.filename](blob)
            item.filename = renamed.get(item.filename, item.filename)
            new.writestr(item, blob, zipfile.ZIP_DEFLATED)
        for name, blob in (added or {}).items():
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), blob)
    return out.getvalue()


def strict(deck: bytes) -> bytes:
    """Return the deck in the namespaces of ISO/IEC 29500 Strict."""

    def renamed(blob: bytes) -> bytes:
        for word in (b"drawingml", b"presentationml", b"officeDocument"):
            old = b"http://schemas.openxmlformats.org/" + word + b"/2006/"
            blob = blob.replace(old, b"http://purl.oclc.org/ooxml/" + word + b"/")
        return blob

    names = [name for name in parts_of(deck) if name.endswith((".xml", ".rels"))]
    return edited(deck, dict.fromkeys(names, renamed))


def parts_of(deck: bytes) -> dict[str, bytes]:
    """Return every part's bytes by its name."""
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
