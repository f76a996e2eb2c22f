"""Decks for the pane's tests, and what must be the same in them before and after."""

import hashlib
import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from tests.decks.building import DeckBuilder, edited, parts_of
from tests.decks.pictures import drawing, jpeg, png, saved

CHART_PX = (150, 100)
CHART = png(*CHART_PX, seed=1)
PHOTO = jpeg(160, 120, seed=2)
FILL = png(140, 105, seed=3)
TITLE_ID, CHART_ID = "2", "3"
CHART_AT = (0, 0)
PHOTO_AT = (1, 0)
SHARP_AT = (2, 0)
FILL_AT = (3, 0)
LOW = {CHART_AT, PHOTO_AT, FILL_AT}

_CREATION_ID = re.compile(rb'(creationId\b[^>]*?\bval=")\d+')
_RELATIONSHIP = re.compile(rb'(\br:\w+=")[^"]*')
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COMMENTS = "http://schemas.microsoft.com/office/2018/10/relationships/comments"
_P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"

_ANIMATION = (
    '<p:timing xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:tnLst><p:par>'
    '<p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:childTnLst><p:seq>'
    '<p:cTn id="2" dur="indefinite" nodeType="mainSeq"><p:childTnLst><p:par><p:cTn id="3" '
    'fill="hold"><p:stCondLst><p:cond delay="indefinite"/></p:stCondLst><p:childTnLst><p:set>'
    '<p:cBhvr><p:cTn id="4" dur="1"/><p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl><p:attrNameLst>'
    "<p:attrName>style.visibility</p:attrName></p:attrNameLst></p:cBhvr><p:to><p:strVal "
    'val="visible"/></p:to></p:set></p:childTnLst></p:cTn></p:par></p:childTnLst></p:cTn></p:seq>'
    "</p:childTnLst></p:cTn></p:par></p:tnLst></p:timing>"
)


def talk() -> bytes:
    """Four slides: an animated chart under a shape; a grouped photo; a sharp one; a fill."""
    builder = DeckBuilder()
    _chart_slide(builder)
    _group_slide(builder)
    page = builder.slide()
    builder.picture(page, saved(drawing(1600, 1200, 4), "png"), (1, 1, 4, 3))
    page = builder.slide()
    builder.fill(page, FILL)
    return with_creation_ids(builder.build())


def _chart_slide(builder: DeckBuilder) -> None:
    layouts = builder.presentation.slide_layouts
    page = builder.presentation.slides.add_slide(layouts[5])
    page.shapes.title.text = "Revenue by quarter"
    picture = builder.picture(page, CHART, (1, 2, 4.2, 2.8))
    picture.crop_left, picture.crop_bottom = 0.1, 0.05
    picture._element.nvPicPr.cNvPr.set("descr", "Bars that rise")
    picture.click_action.hyperlink.address = "https://example.com/figures"
    page.shapes.add_shape(9, Inches(4), Inches(3), Inches(2), Inches(1))
    page._element.append(etree.fromstring(_ANIMATION.format(shape=picture.shape_id)))
    page.notes_slide.notes_text_frame.text = "Pause here."
    assert (str(page.shapes.title.shape_id), str(picture.shape_id)) == (TITLE_ID, CHART_ID)


def _group_slide(builder: DeckBuilder) -> None:
    page = builder.slide()
    picture = builder.picture(page, PHOTO, (2, 2, 4, 3))
    box = page.shapes.add_textbox(Inches(2), Inches(5.2), Inches(4), Inches(0.5))
    box.text_frame.text = "The team"
    page.shapes.add_group_shape([picture, box])


def with_creation_ids(deck: bytes) -> bytes:
    """Give every slide the number by which PowerPoint knows it across files."""

    def numbered(name: str) -> Any:
        number = int(hashlib.sha256(name.encode()).hexdigest()[:7], 16)
        made = (
            '<p:extLst><p:ext uri="{BB962C8B-B14F-4D97-AF65-F5344CB8AC3E}"><p14:creationId '
            f'xmlns:p14="{_P14}" val="{number}"/></p:ext></p:extLst></p:cSld>'
        ).encode()
        return lambda blob: blob.replace(b"</p:cSld>", made)

    names = [name for name in parts_of(deck) if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    return edited(deck, {name: numbered(name) for name in names})


def with_comment(deck: bytes) -> bytes:
    """Give the first slide a comment of the modern kind."""
    rels = "ppt/slides/_rels/slide1.xml.rels"
    arrow = (
        f'<Relationship Id="rId77" Type="{_COMMENTS}" '
        'Target="../comments/modernComment_100_0.xml"/></Relationships>'
    ).encode()
    declared = (
        b'<Override PartName="/ppt/comments/modernComment_100_0.xml" '
        b'ContentType="application/vnd.ms-powerpoint.comments+xml"/></Types>'
    )
    comment = (
        b'<p188:cmLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main">'
        b'<p188:cm id="{1}" authorId="{2}" created="2026-01-01T00:00:00"/></p188:cmLst>'
    )
    return edited(
        deck,
        {
            rels: lambda blob: blob.replace(b"</Relationships>", arrow),
            "[Content_Types].xml": lambda blob: blob.replace(b"</Types>", declared),
        },
        added={"ppt/comments/modernComment_100_0.xml": comment},
    )


def with_links(deck: bytes) -> bytes:
    """Let a shape of the first slide lead to the fourth, as Insert > Link does."""
    presentation = Presentation(io.BytesIO(deck))
    first, *_, fourth = presentation.slides
    first.shapes[-1].click_action.target_slide = fourth
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def links_of(deck: bytes) -> list[tuple[int, int]]:
    """Which slide leads to which, counted from 0."""
    slides = list(Presentation(io.BytesIO(deck)).slides)
    parts = [slide.part for slide in slides]
    return [
        (number, parts.index(rel.target_part))
        for number, slide in enumerate(slides)
        for rel in slide.part.rels.values()
        if rel.reltype.endswith("/slide")
    ]


@dataclass(frozen=True)
class Seen:
    """One slide as far as it must not change: all but ids that PowerPoint itself gives anew."""

    page: bytes
    layout: str
    notes: str
    links: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]


def pictures_of(deck: bytes) -> dict[tuple[int, int], bytes]:
    """Every picture that a slide embeds: (slide from 0, place on the slide from 0) → its bytes."""
    found = {}
    for number, slide in enumerate(Presentation(io.BytesIO(deck)).slides):
        for place, blip in enumerate(slide._element.iter(f"{_A}blip")):
            embedded = blip.get(f"{_R}embed")
            if embedded:
                found[number, place] = slide.part.related_part(embedded).blob
    return found


def slides_of(deck: bytes) -> list[Seen]:
    """What stands on every slide, without the pictures' pixels."""
    return [_seen(slide) for slide in Presentation(io.BytesIO(deck)).slides]


def _seen(slide: Any) -> Seen:
    canonical: bytes = etree.tostring(slide._element, method="c14n")
    links = (rel.target_ref for rel in slide.part.rels.values() if rel.is_external)
    return Seen(
        page=_RELATIONSHIP.sub(rb"\1", _CREATION_ID.sub(rb"\1", canonical)),
        layout=slide.slide_layout.name,
        notes=slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "",
        links=tuple(sorted(links)),
        tags=tuple(sorted(_tags(slide.part))),
    )


def _tags(part: Any) -> Iterator[tuple[str, str]]:
    """What add-ins have noted on a slide and its shapes."""
    for rel in part.rels.values():
        if rel.reltype.endswith("/tags"):
            for tag in etree.fromstring(rel.target_part.blob).iterchildren("*"):
                yield str(tag.get("name")), str(tag.get("val"))


def design_of(deck: bytes) -> list[list[str]]:
    """The layouts of every master."""
    masters = Presentation(io.BytesIO(deck)).slide_masters
    return [[layout.name for layout in master.slide_layouts] for master in masters]


def changed_pictures(before: bytes, after: bytes) -> set[tuple[int, int]]:
    """Where the pictures' bytes differ; the places must be the same."""
    old, new = pictures_of(before), pictures_of(after)
    assert old.keys() == new.keys()
    return {at for at, blob in old.items() if new[at] != blob}


def assert_sharper(old: bytes, new: bytes) -> None:
    """More pixels of the same picture: shrunk, it is the old one, on white and on black."""
    with Image.open(io.BytesIO(old)) as small, Image.open(io.BytesIO(new)) as large:
        times = large.width / small.width
        assert times in {2, 4}
        assert large.height == small.height * times
        for ground in ("white", "black"):
            shrunk = _on(large, ground).resize(small.size, Image.Resampling.BOX)
            distance = np.abs(np.asarray(shrunk, float) - np.asarray(_on(small, ground), float))
            assert distance.mean() < 6, ground


def _on(image: Image.Image, ground: str) -> Image.Image:
    """What is seen of a picture: colours under clear pixels are not."""
    drawn = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", drawn.size, ground), drawn).convert("RGB")


def media_names(deck: bytes) -> list[str]:
    """The picture parts of the deck, sorted."""
    return sorted(posixpath.basename(name) for name in parts_of(deck) if "/media/" in name)
