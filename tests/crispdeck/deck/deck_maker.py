"""Decks written part by part, so that a test says every number that matters and no other."""

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image

IN = 914_400

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" '
    'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" '
    'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'
)
STRICT = {
    "http://schemas.openxmlformats.org/drawingml/2006/": "http://purl.oclc.org/ooxml/drawingml/",
    "http://schemas.openxmlformats.org/presentationml/2006/": (
        "http://purl.oclc.org/ooxml/presentationml/"
    ),
    "http://schemas.openxmlformats.org/officeDocument/2006/": (
        "http://purl.oclc.org/ooxml/officeDocument/"
    ),
}
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PRESENTATION_TYPE = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
)
_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.{}+xml"


def picture_bytes(width_px: int, height_px: int, kind: str = "PNG") -> bytes:
    """One plain picture."""
    blob = BytesIO()
    Image.new("RGB", (width_px, height_px), (90, 120, 200)).save(blob, kind)
    return blob.getvalue()


def xfrm(
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    child: tuple[float, float, float, float] | None = None,
    turned: float = 0,
    flips: str = "",
    tag: str = "a:xfrm",
) -> str:
    """An a:xfrm from inches and degrees."""
    inner = f'<a:off x="{left * IN:.0f}" y="{top * IN:.0f}"/>'
    inner += f'<a:ext cx="{width * IN:.0f}" cy="{height * IN:.0f}"/>'
    if child is not None:
        x, y, cx, cy = (f"{value * IN:.0f}" for value in child)
        inner += f'<a:chOff x="{x}" y="{y}"/><a:chExt cx="{cx}" cy="{cy}"/>'
    return f'<{tag} rot="{turned * 60_000:.0f}" {flips}>{inner}</{tag}>'


def picture(  # one XML snippet has many knobs
    box: str,
    *,
    rel: str = "rId2",
    fill: str = "<a:stretch><a:fillRect/></a:stretch>",
    source: str = "",
    blip: str = "",
    media: str = "",
    embed: str = "r:embed",
) -> str:
    """A p:pic."""
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="7" name="Picture 6" descr="a blue box"/><p:cNvPicPr/>'
        f"<p:nvPr>{media}</p:nvPr></p:nvPicPr>"
        f'<p:blipFill><a:blip {embed}="{rel}">{blip}</a:blip>{source}{fill}</p:blipFill>'
        f"<p:spPr>{box}</p:spPr></p:pic>"
    )


def filled_shape(
    box: str, *, placeholder: str = "", fill: str = "<a:stretch><a:fillRect/></a:stretch>"
) -> str:
    """A p:sp that a picture fills."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="8" name="Box 7"/><p:cNvSpPr/><p:nvPr>{placeholder}</p:nvPr>'
        f'</p:nvSpPr><p:spPr>{box}<a:blipFill rotWithShape="1"><a:blip r:embed="rId2"/>{fill}'
        "</a:blipFill></p:spPr></p:sp>"
    )


def placeholder_shape(box: str, placeholder: str) -> str:
    """An empty placeholder, as layouts and masters hold them."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="9" name="Place"/><p:cNvSpPr/><p:nvPr>{placeholder}</p:nvPr>'
        f"</p:nvSpPr><p:spPr>{box}</p:spPr></p:sp>"
    )


def group(box: str, *shapes: str) -> str:
    """A p:grpSp."""
    return (
        '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="10" name="Group"/><p:cNvGrpSpPr/><p:nvPr/>'
        f"</p:nvGrpSpPr><p:grpSpPr>{box}</p:grpSpPr>{''.join(shapes)}</p:grpSp>"
    )


def background(rel: str = "rId2") -> str:
    """A p:bg with a picture."""
    return (
        f'<p:bg><p:bgPr><a:blipFill><a:blip r:embed="{rel}"/><a:stretch><a:fillRect/></a:stretch>'
        "</a:blipFill><a:effectLst/></p:bgPr></p:bg>"
    )


def page(kind: str, shapes: str, *, bg: str = "", attributes: str = "") -> str:
    """A whole slide ("sld"), layout ("sldLayout") or master ("sldMaster")."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><p:{kind} {NAMESPACES} {attributes}><p:cSld>{bg}'
        '<p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        f"<p:grpSpPr/>{shapes}</p:spTree></p:cSld></p:{kind}>"
    )


@dataclass
class Made:
    """A deck in the making: one picture in ppt/media/image1.png, which rId2 of every page names."""

    slides: list[str] = field(default_factory=list)
    """Shapes of each slide."""
    backgrounds: dict[int, str] = field(default_factory=dict)
    """p:bg by slide number from 1."""
    layout: str = ""
    master: str = ""
    picture: bytes = field(default_factory=lambda: picture_bytes(400, 300))
    slide_size_in: tuple[float, float] = (10, 7.5)
    main_type: str = PRESENTATION_TYPE
    main_attributes: str = ""
    main_extra: str = ""
    page_rels: str = ""
    """Further relationships of every page."""
    parts: dict[str, bytes | str] = field(default_factory=dict)
    """Parts that are added, or that replace those made here."""
    types: str = ""
    """Further entries of [Content_Types].xml."""
    strict: bool = False

    def blob(self) -> bytes:
        """The deck's bytes; the same ones at any time of day."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._all_parts().items():
                entry = zipfile.ZipInfo(name)
                archive.writestr(entry, self._spelled(content), zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _spelled(self, content: bytes | str) -> bytes:
        if isinstance(content, bytes):
            return content
        for transitional, strict in STRICT.items() if self.strict else ():
            content = content.replace(transitional, strict)
        return content.encode()

    def _all_parts(self) -> dict[str, bytes | str]:
        parts: dict[str, bytes | str] = {
            "[Content_Types].xml": self._content_types(),
            "_rels/.rels": relationships(("rId1", "officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": self._presentation(),
            "ppt/_rels/presentation.xml.rels": relationships(
                ("rId1", "slideMaster", "slideMasters/slideMaster1.xml"),
                *(
                    (f"rId{number + 100}", "slide", f"slides/slide{number}.xml")
                    for number, _ in enumerate(self.slides, 1)
                ),
            ),
            "ppt/slideMasters/slideMaster1.xml": page("sldMaster", self.master),
            "ppt/slideLayouts/slideLayout1.xml": page("sldLayout", self.layout),
            "ppt/media/image1.png": self.picture,
        }
        parts |= self._rels_of("slideMasters/slideMaster1.xml", "slideLayout", "slideLayout1.xml")
        parts |= self._rels_of("slideLayouts/slideLayout1.xml", "slideMaster", "slideMaster1.xml")
        for number, shapes in enumerate(self.slides, 1):
            name = f"slides/slide{number}.xml"
            parts[f"ppt/{name}"] = page("sld", shapes, bg=self.backgrounds.get(number, ""))
            parts |= self._rels_of(name, "slideLayout", "slideLayout1.xml")
        return parts | self.parts

    def _rels_of(self, part: str, kind: str, target: str) -> dict[str, str]:
        path = PurePosixPath("ppt", part)
        xml = relationships(
            ("rId1", kind, f"../{kind}s/{target}"), ("rId2", "image", "../media/image1.png")
        ).replace("</Relationships>", f"{self.page_rels}</Relationships>")
        return {f"{path.parent}/_rels/{path.name}.rels": xml}

    def _content_types(self) -> str:
        overrides = {
            "presentation.xml": self.main_type,
            "slideMasters/slideMaster1.xml": _TYPE.format("slideMaster"),
            "slideLayouts/slideLayout1.xml": _TYPE.format("slideLayout"),
            **{
                f"slides/slide{number}.xml": _TYPE.format("slide")
                for number, _ in enumerate(self.slides, 1)
            },
        }
        return (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="png" ContentType="image/png"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            + "".join(
                f'<Override PartName="/ppt/{name}" ContentType="{kind}"/>'
                for name, kind in overrides.items()
            )
            + f"{self.types}</Types>"
        )

    def _presentation(self) -> str:
        width, height = self.slide_size_in
        slides = "".join(
            f'<p:sldId id="{number + 255}" r:id="rId{number + 100}"/>'
            for number, _ in enumerate(self.slides, 1)
        )
        return (
            f"<p:presentation {NAMESPACES} {self.main_attributes}><p:sldIdLst>{slides}</p:sldIdLst>"
            f'<p:sldSz cx="{width * IN:.0f}" cy="{height * IN:.0f}"/>{self.main_extra}'
            "</p:presentation>"
        )


def relationships(*rows: tuple[str, str, str]) -> str:
    """A .rels part from (id, last word of the type, target)."""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="{id_}" Type="{RELATIONS}{kind}" Target="{target}"/>'
            for id_, kind, target in rows
        )
        + "</Relationships>"
    )
