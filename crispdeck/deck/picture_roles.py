"""Find every a:blip of one page and say in which role it is used; measures nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crispdeck.deck.model import PlacementKind, Reason
from crispdeck.deck.opc.markup import MC, A, P, R
from crispdeck.deck.tables import is_cell

_ASVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
_A14 = "{http://schemas.microsoft.com/office/drawing/2010/main}"
_P14 = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"

_SHAPES = tuple(P + name for name in ("sp", "pic", "cxnSp", "graphicFrame", "grpSp"))
_MEDIA = (
    *(A + name for name in ("videoFile", "audioFile", "audioCd", "wavAudioFile", "quickTimeFile")),
    _P14 + "media",
)

_REASON_OF_OWNER = {
    A + "buBlip": Reason.BULLET,
    A + "rPr": Reason.TEXT_FILL,
    A + "endParaRPr": Reason.TEXT_FILL,
    A + "defRPr": Reason.TEXT_FILL,
    A + "uFill": Reason.TEXT_FILL,
    A + "tcPr": Reason.TABLE_FILL,
    A + "tblPr": Reason.TABLE_FILL,
    A + "fillStyleLst": Reason.THEME_FILL,
    A + "bgFillStyleLst": Reason.THEME_FILL,
}
"""By the element that holds the fill (for bullets: that holds the blip itself)."""


@dataclass(frozen=True, slots=True)
class BlipUse:
    """One a:blip in its place.

    Attributes:
        shape: the p:pic, p:sp … around it; None for backgrounds and outside shapes.
        fill: the blipFill around it; None for bullets.
        cell: the a:tc that it fills; None outside tables.
        rel_id: r:embed, else the SVG's r:embed, else r:link.
        reason: why this role is never touched; None where it may be.
        drawing_id: r:embed of the SVG that PowerPoint shows in its place.
        reason_of_pixels: the reason, should that SVG hold nothing but pixels itself.
    """

    kind: PlacementKind
    shape: etree._Element | None
    fill: etree._Element | None
    cell: etree._Element | None
    rel_id: str | None
    reason: Reason | None
    drawing_id: str | None = None
    reason_of_pixels: Reason | None = None


def find_blips(root: etree._Element) -> Iterator[BlipUse]:
    """Yield every use of a picture on a page, in document order."""
    for blip in root.iter(A + "blip"):
        yield _use(blip)


def _use(blip: etree._Element) -> BlipUse:
    fill = blip.getparent()
    is_fill = fill is not None and _local(fill) == "blipFill"
    owner = fill.getparent() if is_fill and fill is not None else fill
    shape = next(blip.iterancestors(*_SHAPES), None)
    kind = _kind(owner, shape)
    reason = _ancestor_reason(blip) or _owner_reason(kind, owner)
    if reason is None and shape is not None and kind is PlacementKind.PICTURE:
        reason = Reason.POSTER if _is_poster(shape) else None
    svg = next(blip.iter(_ASVG + "svgBlip"), None)
    svg_id = None if svg is None else svg.get(R + "embed")
    reason = reason or _fill_reason(fill)
    return BlipUse(
        kind=kind,
        shape=shape,
        fill=fill if is_fill else None,
        cell=owner.getparent() if kind is PlacementKind.TABLE_CELL and owner is not None else None,
        rel_id=blip.get(R + "embed") or svg_id or blip.get(R + "link"),
        reason=reason or _blip_reason(blip, svg),
        drawing_id=svg_id,
        reason_of_pixels=reason or _pixels_reason(blip),
    )


def _kind(owner: etree._Element | None, shape: etree._Element | None) -> PlacementKind:
    if owner is None:
        return PlacementKind.OTHER
    if owner.tag == P + "pic":
        return PlacementKind.PICTURE
    if owner.tag == P + "bgPr":
        return PlacementKind.BACKGROUND
    if owner.tag == P + "spPr" and shape is not None and owner.getparent() is shape:
        return PlacementKind.SHAPE_FILL
    if owner.tag == A + "tcPr" and is_cell(owner.getparent()):
        return PlacementKind.TABLE_CELL
    return PlacementKind.OTHER


def _ancestor_reason(blip: etree._Element) -> Reason | None:
    if next(blip.iterancestors(MC + "Fallback"), None) is not None:
        return Reason.MARKUP_FALLBACK
    is_ole = next(blip.iterancestors(P + "oleObj"), None) is not None
    return Reason.OLE_PREVIEW if is_ole else None


def _owner_reason(kind: PlacementKind, owner: etree._Element | None) -> Reason | None:
    if kind is not PlacementKind.OTHER:
        return None
    if owner is None:
        return Reason.OTHER_USE
    return _REASON_OF_OWNER.get(str(owner.tag), Reason.OTHER_USE)


def _is_poster(picture: etree._Element) -> bool:
    """Say if a p:pic stands for a video or a sound (19.3.1.37; MS-PPTX 2.2.1 for p14:media)."""
    properties = picture.find(f"{P}nvPicPr/{P}nvPr")
    return properties is not None and next(properties.iter(*_MEDIA), None) is not None


def _fill_reason(fill: etree._Element | None) -> Reason | None:
    return Reason.TILE_FILL if fill is not None and fill.find(A + "tile") is not None else None


def _blip_reason(blip: etree._Element, svg: etree._Element | None) -> Reason | None:
    if blip.get(R + "link"):
        return Reason.LINKED
    if not blip.get(R + "embed"):
        return Reason.MISSING if svg is None else Reason.VECTOR
    return Reason.SVG_FALLBACK if svg is not None else _pixels_reason(blip)


def _pixels_reason(blip: etree._Element) -> Reason | None:
    if blip.get(R + "link"):
        return Reason.LINKED
    if next(blip.iter(_A14 + "imgLayer"), None) is not None:
        return Reason.ARTISTIC_EFFECT
    return Reason.COLOUR_KEY if blip.find(A + "clrChange") is not None else None


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
