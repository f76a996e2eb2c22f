"""What a scan finds, in which order, and why it leaves pictures alone."""

import io
import os
import tracemalloc
from io import BytesIO

import pytest
from PIL import Image

from crispdeck.deck import scan as scan_module
from crispdeck.deck.model import DeckScan, Placement, Reason, Scope, Verdict
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import DeckTooLargeError, MalformedDeckError, UnsafeDeckError
from tests.crispdeck.deck.deck_maker import (
    IN,
    NAMESPACES,
    Made,
    background,
    filled_shape,
    group,
    page,
    picture,
    picture_bytes,
    relationships,
    xfrm,
)

BIG = xfrm(0, 0, 8, 6)
"""A 400×300 px picture has 50 ppi in it."""
OVERRIDE = '<Override PartName="/{}" ContentType="application/vnd.{}+xml"/>'


def scanned(made: Made, options: ScanOptions | None = None) -> DeckScan:
    with open_deck(made.blob()) as deck:
        return scan(deck, options)


def on_slide(shapes: str, **kinds: object) -> Placement:
    (placement,) = scanned(Made(slides=[shapes], **kinds)).placements  # type: ignore[arg-type]
    return placement


def animation() -> bytes:
    frames = [Image.new("L", (400, 300), shade) for shade in (0, 200)]
    blob = BytesIO()
    frames[0].save(blob, "GIF", save_all=True, append_images=frames[1:])
    return blob.getvalue()


def test_a_small_picture_shown_large_is_low_and_says_all_about_itself() -> None:
    found = scanned(Made(slides=[picture(BIG)]))
    (placement,) = found.placements
    assert placement.verdict is Verdict.LOW
    assert placement.reason is None
    assert (placement.slide, placement.scope, placement.kind) == (1, "slide", "picture")
    assert (placement.shape_id, placement.shape_name, placement.alt_text) == (
        7,
        "Picture 6",
        "a blue box",
    )
    assert (placement.rel_id, placement.part) == ("rId2", "ppt/media/image1.png")
    (part,) = found.pictures
    assert found.low == (part,)
    assert (part.width_px, part.height_px, part.format) == (400, 300, "png")
    assert (part.scale, part.effective_ppi, part.placements) == (4, 50.0, ("1",))
    assert part.content_type == "image/png"
    assert part.size_bytes == len(picture_bytes(400, 300))


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        pytest.param(picture(xfrm(0, 0, 2, 1.5)), Reason.ALREADY_SHARP, id="sharp"),
        pytest.param(picture(xfrm(0, 0, 0.9, 0.9)), Reason.ALREADY_SHARP, id="small and sharp"),
        pytest.param(picture(BIG, embed="r:link"), Reason.LINKED, id="link"),
        pytest.param(picture(BIG, rel='rId2" r:link="rId1'), Reason.LINKED, id="link and embed"),
        pytest.param(picture(BIG, rel="rId77"), Reason.MISSING, id="no such relationship"),
        pytest.param(picture(BIG, rel=""), Reason.MISSING, id="empty id"),
        pytest.param(
            picture(BIG, blip='<a:extLst><a:ext><asvg:svgBlip r:embed="rId2"/></a:ext></a:extLst>'),
            Reason.SVG_FALLBACK,
            id="raster beside a drawing",
        ),
        pytest.param(
            picture(
                BIG,
                blip="<a:extLst><a:ext><a14:imgProps><a14:imgLayer/></a14:imgProps></a:ext></a:extLst>",
            ),
            Reason.ARTISTIC_EFFECT,
            id="effect layer",
        ),
        pytest.param(picture(BIG, blip="<a:clrChange/>"), Reason.COLOUR_KEY, id="colour key"),
        pytest.param(picture(BIG, fill="<a:tile/>"), Reason.TILE_FILL, id="tiles"),
        pytest.param(picture(BIG, media='<a:videoFile r:link="rId1"/>'), Reason.POSTER, id="film"),
        pytest.param(
            picture(BIG, media='<p:extLst><p:ext><p14:media r:embed="rId1"/></p:ext></p:extLst>'),
            Reason.POSTER,
            id="film of 2010",
        ),
        pytest.param(
            f"<mc:AlternateContent><mc:Fallback>{filled_shape(BIG)}</mc:Fallback>"
            "</mc:AlternateContent>",
            Reason.MARKUP_FALLBACK,
            id="fallback",
        ),
        pytest.param(
            f"<p:graphicFrame><p:oleObj>{picture(BIG)}</p:oleObj></p:graphicFrame>",
            Reason.OLE_PREVIEW,
            id="ole",
        ),
        pytest.param(
            '<p:sp><a:pPr><a:buBlip><a:blip r:embed="rId2"/></a:buBlip></a:pPr></p:sp>',
            Reason.BULLET,
            id="bullet",
        ),
        pytest.param(
            '<p:sp><a:rPr><a:blipFill><a:blip r:embed="rId2"/></a:blipFill></a:rPr></p:sp>',
            Reason.TEXT_FILL,
            id="letters",
        ),
        pytest.param(
            '<p:graphicFrame><a:tcPr><a:blipFill><a:blip r:embed="rId2"/></a:blipFill></a:tcPr>'
            "</p:graphicFrame>",
            Reason.TABLE_FILL,
            id="cell",
        ),
        pytest.param(
            '<p:sp><a:fillOverlay><a:blipFill><a:blip r:embed="rId2"/></a:blipFill>'
            "</a:fillOverlay></p:sp>",
            Reason.OTHER_USE,
            id="overlay",
        ),
        pytest.param(
            '<p:grpSp><p:grpSpPr><a:blipFill><a:blip r:embed="rId2"/></a:blipFill></p:grpSpPr>'
            "</p:grpSp>",
            Reason.OTHER_USE,
            id="group fill",
        ),
    ],
)
def test_a_use_that_must_not_change_is_left_with_its_reason(shapes: str, reason: Reason) -> None:
    placement = on_slide(shapes)
    assert (placement.verdict, placement.reason) == (Verdict.LEFT, reason)


@pytest.mark.parametrize(
    ("blob", "reason"),
    [
        pytest.param(b"\x01\0\0\0" + b"\0" * 36 + b" EMF" + b"\0" * 60, Reason.VECTOR, id="emf"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.VECTOR, id="svg"),
        pytest.param(b"II\xbc\x01" + b"\0" * 60, Reason.UNSUPPORTED_FORMAT, id="wdp"),
        pytest.param(b"", Reason.UNREADABLE, id="empty"),
        pytest.param(b"not a picture", Reason.UNREADABLE, id="text"),
        pytest.param(picture_bytes(400, 300)[:20], Reason.UNREADABLE, id="cut"),
        pytest.param(animation(), Reason.ANIMATED, id="animation"),
        pytest.param(picture_bytes(400, 15), Reason.TOO_FEW_PIXELS, id="thin"),
        pytest.param(picture_bytes(4001, 4000, "GIF"), Reason.TOO_MANY_PIXELS, id="large"),
    ],
)
def test_bytes_that_cannot_be_sharpened_are_left_whatever_the_name_says(
    blob: bytes, reason: Reason
) -> None:
    options = ScanOptions(low_ppi=5000, target_ppi=9000)
    (placement,) = scanned(Made(slides=[picture(BIG)], picture=blob), options).placements
    assert placement.reason is reason


def test_a_picture_without_raster_fallback_is_a_drawing() -> None:
    svg = '<a:extLst><a:ext><asvg:svgBlip r:embed="rId2"/></a:ext></a:extLst>'
    placement = on_slide(picture(BIG, rel="", blip=svg))
    assert (placement.reason, placement.part) == (Reason.VECTOR, "ppt/media/image1.png")


def test_a_link_is_told_by_its_relationship_too() -> None:
    row = (
        '<Relationship Id="rId9" TargetMode="External" Target="http://127.0.0.1/x.png" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    )
    placement = on_slide(picture(BIG, rel="rId9"), page_rels=row)
    assert (placement.reason, placement.part) == (Reason.LINKED, None)


def test_slides_come_in_the_order_of_the_show() -> None:
    made = Made(slides=[picture(BIG), picture(xfrm(0, 0, 5, 5))])
    made.parts["ppt/_rels/presentation.xml.rels"] = relationships(
        ("rId101", "slide", "slides/slide2.xml"), ("rId102", "slide", "slides/slide1.xml")
    )
    found = scanned(made)
    assert [(one.id, one.slide, one.page_part) for one in found.placements] == [
        ("1", 1, "ppt/slides/slide2.xml"),
        ("2", 2, "ppt/slides/slide1.xml"),
    ]


def test_layouts_and_masters_are_left_unless_asked_for() -> None:
    made = Made(slides=[""], layout=picture(BIG), master=filled_shape(BIG))
    found = scanned(made)
    assert [one.scope for one in found.placements] == [Scope.LAYOUT, Scope.MASTER]
    assert {one.reason for one in found.placements} == {Reason.LAYOUT_OR_MASTER}
    assert [one.effective_ppi for one in found.placements] == [50, 50]
    asked = scanned(made, ScanOptions(layouts=True))
    assert {one.verdict for one in asked.placements} == {Verdict.LOW}


@pytest.mark.parametrize(
    ("part", "content_type", "reason"),
    [
        ("ppt/slides/slide9.xml", "presentationml.slide", Reason.UNUSED_SLIDE),
        ("ppt/notesSlides/n1.xml", "presentationml.notesSlide", Reason.NOTES_OR_HANDOUT),
        ("ppt/handoutMasters/h1.xml", "presentationml.handoutMaster", Reason.NOTES_OR_HANDOUT),
        ("ppt/theme/theme1.xml", "theme", Reason.THEME_FILL),
        ("ppt/charts/chart1.xml", "drawingml.chart", Reason.CHART),
        ("ppt/drawings/drawing1.xml", "drawingml.chartshapes", Reason.CHART),
        ("ppt/diagrams/data1.xml", "drawingml.diagramData", Reason.SMARTART),
        ("ppt/tableStyles.xml", "presentationml.tableStyles", Reason.TABLE_FILL),
        ("ppt/other.xml", "something.new", Reason.OTHER_USE),
    ],
)
def test_pictures_beside_the_slides_are_accounted_for(
    part: str, content_type: str, reason: Reason
) -> None:
    folder, _, name = part.rpartition("/")
    made = Made(
        slides=[""],
        parts={
            part: page("sld", picture(BIG)),
            f"{folder}/_rels/{name}.rels": relationships(
                ("rId2", "image", "/ppt/media/image1.png")
            ),
        },
        types=OVERRIDE.format(part, f"openxmlformats-officedocument.{content_type}"),
    )
    (placement,) = scanned(made).placements
    assert (placement.scope, placement.reason) == (Scope.OTHER, reason)
    assert placement.part == "ppt/media/image1.png"


def table(*rows: tuple[float, str], columns_in: tuple[float, ...] = (2, 6), box: str = "") -> str:
    """A table in a frame of 8 by 6 in; each row is its height in inches and its cells."""
    box = box or xfrm(1, 1, 8, 6, tag="p:xfrm")
    grid = "".join(f'<a:gridCol w="{one * IN:.0f}"/>' for one in columns_in)
    body = "".join(f'<a:tr h="{high * IN:.0f}">{cells}</a:tr>' for high, cells in rows)
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="12" name="Table 11"/>'
        f"</p:nvGraphicFramePr>{box}<a:graphic><a:graphicData><a:tbl><a:tblGrid>{grid}</a:tblGrid>"
        f"{body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def cell(attributes: str = "", fill: str = "<a:stretch><a:fillRect/></a:stretch>") -> str:
    """A cell that a picture fills."""
    return (
        f'<a:tc {attributes}><a:tcPr><a:blipFill><a:blip r:embed="rId2"/>{fill}</a:blipFill>'
        "</a:tcPr></a:tc>"
    )


EMPTY_CELL = "<a:tc><a:tcPr/></a:tc>"


@pytest.mark.parametrize(
    ("shapes", "box_in"),
    [
        pytest.param(table((1, EMPTY_CELL + cell()), (2, "")), (3, 1, 6, 2), id="row to fill"),
        pytest.param(table((3, ""), (3, cell())), (1, 4, 2, 3), id="second row"),
        pytest.param(
            table((3, cell('gridSpan="2" rowSpan="2"')), (3, "")), (1, 1, 8, 6), id="merged"
        ),
        pytest.param(
            table((3, cell(fill='<a:stretch><a:fillRect l="50000"/></a:stretch>')), (3, "")),
            (2, 1, 1, 3),
            id="part of the cell",
        ),
        pytest.param(
            group(xfrm(0, 0, 4, 3, child=(0, 0, 8, 6)), table((6, cell()), columns_in=(8,))),
            (0.5, 0.5, 4, 3),
            id="in a group",
        ),
    ],
)
def test_the_picture_of_a_table_cell_is_measured_in_its_cell(
    shapes: str, box_in: tuple[float, float, float, float]
) -> None:
    found = on_slide(shapes)
    assert (found.kind, found.shape_id, found.shape_name) == ("table_cell", 12, "Table 11")
    box = (found.left_in, found.top_in, found.shown_width_in, found.shown_height_in)
    assert box == pytest.approx(box_in)
    assert found.effective_ppi == pytest.approx(min(400 / box_in[2], 300 / box_in[3]))


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        pytest.param(table((6, cell()), columns_in=(8,)), None, id="low"),
        pytest.param(table((6, cell('hMerge="1"'))), Reason.UNKNOWN_SIZE, id="merged away"),
        pytest.param(table((0, cell())), Reason.UNKNOWN_SIZE, id="rows without height"),
        pytest.param(table((6, cell()), columns_in=()), Reason.UNKNOWN_SIZE, id="no columns"),
        pytest.param(table((6, cell()), box=" "), Reason.UNKNOWN_SIZE, id="no frame"),
        pytest.param(table((6, cell(fill="<a:tile/>"))), Reason.TILE_FILL, id="tiles"),
    ],
)
def test_the_picture_of_a_table_cell_is_low_or_says_why_not(
    shapes: str, reason: Reason | None
) -> None:
    assert on_slide(shapes).reason == reason


def test_a_shared_picture_is_judged_by_its_worst_eligible_use() -> None:
    sharp, blurred, linked = xfrm(0, 0, 2, 1.5), xfrm(0, 0, 5, 3.75), xfrm(0, 0, 10, 7.5)
    found = scanned(
        Made(
            slides=[
                picture(sharp),
                picture(blurred),
                picture(linked, blip="<a:clrChange/>"),
            ]
        )
    )
    (part,) = found.pictures
    assert [one.reason for one in found.placements] == ["already_sharp", None, "colour_key"]
    assert part.placements == ("1", "2", "3")
    assert (part.verdict, part.effective_ppi, part.scale) == (Verdict.LOW, 80, 4)


def test_a_part_that_is_left_tells_the_reason_of_its_most_telling_use() -> None:
    fallback = f"<mc:Fallback>{picture(BIG)}</mc:Fallback>"
    found = scanned(Made(slides=[fallback + picture(BIG, blip="<a:clrChange/>")]))
    assert found.pictures[0].reason is Reason.COLOUR_KEY
    found = scanned(Made(slides=[fallback]))
    assert found.pictures[0].reason is Reason.MARKUP_FALLBACK
    found = scanned(Made(slides=[picture(BIG, fill="<a:tile/>") + picture(xfrm(0, 0, 2, 1.5))]))
    assert found.pictures[0].reason is Reason.ALREADY_SHARP


@pytest.mark.parametrize(
    ("inches", "options", "scale"),
    [
        pytest.param(400 / 96, ScanOptions(), 2, id="a screenshot at 96 ppi comes near enough"),
        pytest.param(400 / 109, ScanOptions(), 2, id="twice 109 is 218"),
        pytest.param(400 / 80, ScanOptions(), 4, id="twice 80 is too little"),
        pytest.param(400 / 80, ScanOptions(max_scale=2), 2, id="not beyond the largest factor"),
        pytest.param(400 / 80, ScanOptions(max_scale=3), 2, id="there is no factor of 3"),
        pytest.param(400 / 80, ScanOptions(target_ppi=150), 2, id="a lower target"),
        pytest.param(400 / 50, ScanOptions(max_output_px=480_000), 2, id="not beyond the pixels"),
        pytest.param(400 / 50, ScanOptions(target_ppi=900), 4, id="as near as can be"),
    ],
)
def test_the_factor_is_the_smallest_that_reaches_the_target(
    inches: float, options: ScanOptions, scale: int
) -> None:
    found = scanned(Made(slides=[picture(xfrm(0, 0, inches, inches * 0.75))]), options)
    assert found.pictures[0].scale == scale


def test_a_picture_that_no_factor_fits_is_left() -> None:
    found = scanned(Made(slides=[picture(BIG)]), ScanOptions(max_output_px=400_000))
    assert found.pictures[0].reason is Reason.TOO_MANY_PIXELS
    assert found.pictures[0].scale is None


def dpi(value: object) -> str:
    return f'<p:extLst><p:ext><p14:defaultImageDpi val="{value}"/></p:ext></p:extLst>'


@pytest.mark.parametrize(
    ("value", "attributes", "known", "reason"),
    [
        pytest.param(96, "", 96, Reason.DPI_CAP, id="PowerPoint would shrink it again"),
        pytest.param(96, 'autoCompressPictures="0"', 96, None, id="unless it is told not to"),
        pytest.param(220, "", 220, None, id="its default leaves room"),
        pytest.param(32767, "", 32767, None, id="high fidelity"),
        pytest.param(0, "", 0, None, id="no limit"),
        pytest.param("x", "", None, None, id="nonsense"),
    ],
)
def test_the_decks_own_limit_caps_the_target(
    value: object, attributes: str, known: int | None, reason: Reason | None
) -> None:
    inches = 400 / 95
    made = Made(
        slides=[picture(xfrm(0, 0, inches, inches * 0.75))],
        main_extra=dpi(value),
        main_attributes=attributes,
    )
    found = scanned(made)
    assert found.default_image_dpi == known
    assert found.placements[0].reason is reason


def test_the_decks_own_limit_lowers_the_factor() -> None:
    made = Made(slides=[picture(xfrm(0, 0, 5, 3.75))], main_extra=dpi(150))
    assert scanned(made).pictures[0].scale == 2


def test_the_limit_is_also_found_among_the_properties() -> None:
    made = Made(slides=[picture(BIG)])
    made.parts["ppt/presProps.xml"] = page("presentationPr", dpi(330))
    made.parts["ppt/_rels/presentation.xml.rels"] = relationships(
        ("rId101", "slide", "slides/slide1.xml"), ("rId5", "presProps", "presProps.xml")
    )
    assert scanned(made).default_image_dpi == 330


def test_presets_differ_in_what_is_low() -> None:
    made = Made(slides=[picture(xfrm(0, 0, 400 / ppi, 300 / ppi)) for ppi in (71, 109, 149)])
    for name, count in (("strict", 1), ("normal", 2), ("wide", 3)):
        found = scanned(made, ScanOptions.asked_for(preset=name))
        assert sum(one.verdict is Verdict.LOW for one in found.placements) == count


def test_a_hidden_slide_is_scanned_like_any_other() -> None:
    made = Made(
        slides=[""],
        parts={"ppt/slides/slide1.xml": page("sld", picture(BIG), attributes='show="0"')},
    )
    assert scanned(made).placements[0].verdict is Verdict.LOW


def test_the_choice_of_alternate_content_counts_and_its_fallback_does_not() -> None:
    shapes = (
        f'<mc:AlternateContent><mc:Choice Requires="p14">{picture(BIG)}</mc:Choice>'
        f"<mc:Fallback>{picture(BIG)}</mc:Fallback></mc:AlternateContent>"
    )
    found = scanned(Made(slides=[shapes]))
    assert [one.reason for one in found.placements] == [None, Reason.MARKUP_FALLBACK]


@pytest.mark.parametrize("strict", [False, True])
def test_both_vocabularies_give_the_same_scan(strict: bool) -> None:
    shapes = group(xfrm(0, 0, 8, 6, child=(0, 0, 4, 3)), picture(xfrm(0, 0, 4, 3)))
    found = scanned(Made(slides=[shapes], backgrounds={1: background()}, strict=strict))
    assert found.strict is strict
    assert [one.effective_ppi for one in found.placements] == [40, 50]


def test_a_slide_in_utf_16_is_read() -> None:
    made = Made(slides=[""])
    text = page("sld", picture(BIG)).replace("UTF-8", "UTF-16")
    made.parts["ppt/slides/slide1.xml"] = text.encode("utf-16")
    assert scanned(made).placements[0].verdict is Verdict.LOW


def test_a_broken_slide_costs_its_own_pictures_only() -> None:
    made = Made(slides=[picture(BIG), picture(BIG), picture(BIG), picture(BIG)])
    made.parts["ppt/slides/slide1.xml"] = "<p:sld><a:blip></p:sld>"
    made.parts["ppt/slides/_rels/slide2.xml.rels"] = "<Relationships"
    made.parts["ppt/slides/slide3.xml"] = page("sld", picture(BIG)).replace("UTF-8", "UTF-7")
    found = scanned(made)
    assert [(one.slide, one.reason) for one in found.placements] == [
        (2, Reason.MISSING),
        (4, None),
    ]
    assert found.slides == 4
    assert found.unreadable_parts == (
        "ppt/slides/slide1.xml",
        "ppt/slides/slide2.xml",
        "ppt/slides/slide3.xml",
    )


def test_a_broken_layout_passes_no_sizes_on() -> None:
    made = Made(slides=[picture("", media='<p:ph idx="3"/>')])
    made.parts["ppt/slideLayouts/slideLayout1.xml"] = "no markup"
    found = scanned(made)
    assert found.placements[0].reason is Reason.UNKNOWN_SIZE
    assert found.unreadable_parts == ("ppt/slideLayouts/slideLayout1.xml",)


def test_layouts_that_follow_each_other_in_a_ring_end() -> None:
    ph = '<p:ph type="pic" idx="3"/>'
    made = Made(slides=[picture("", media=ph)], layout=picture("", media=ph))
    made.parts["ppt/slideLayouts/_rels/slideLayout1.xml.rels"] = relationships(
        ("rId1", "slideLayout", "slideLayout1.xml"), ("rId2", "image", "../media/image1.png")
    )
    assert {one.reason for one in scanned(made).placements} == {
        Reason.UNKNOWN_SIZE,
        Reason.LAYOUT_OR_MASTER,
    }


@pytest.mark.parametrize(
    "main",
    [
        pytest.param("", id="empty"),
        pytest.param("<p:presentation", id="cut"),
        pytest.param("<other/>", id="something else"),
        pytest.param(
            f'<p:presentation {NAMESPACES}><p:sldSz cx="0" cy="0"/></p:presentation>', id="no size"
        ),
    ],
)
def test_an_unreadable_presentation_is_refused(main: str) -> None:
    with pytest.raises(MalformedDeckError):
        scanned(Made(slides=[picture(BIG)], parts={"ppt/presentation.xml": main}))


@pytest.mark.parametrize("part", ["ppt/slides/slide1.xml", "ppt/theme/theme1.xml"])
def test_a_document_type_is_refused_wherever_it_stands(part: str) -> None:
    made = Made(slides=[""], parts={part: "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>"})
    with pytest.raises(UnsafeDeckError):
        scanned(made)


def test_more_placements_than_any_deck_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "MAX_PLACEMENTS", 10)
    assert len(scanned(Made(slides=[picture(BIG) * 10])).placements) == 10
    with pytest.raises(DeckTooLargeError):
        scanned(Made(slides=[picture(BIG) * 11]))


def test_a_deck_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "MAX_SCAN_S", -1.0)
    with pytest.raises(DeckTooLargeError):
        scanned(Made(slides=[picture(BIG)]))


def peak_bytes(made: Made) -> int:
    """Memory that Python takes for a scan; the file itself lies on the caller's side."""
    blob = made.blob()
    tracemalloc.start()
    with open_deck(io.BytesIO(blob)) as deck:
        assert scan(deck).low
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_media() -> None:
    small = Made(slides=[picture(BIG)])
    large = Made(slides=[picture(BIG)], picture=picture_bytes(400, 300) + os.urandom(30 << 20))
    scanned(small)
    assert peak_bytes(large) < peak_bytes(small) + 100_000
