"""Decks whose zip is written oddly are enhanced, and every entry that stays keeps its bytes."""

import io
import zipfile
from pathlib import Path

import pytest

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.originals import OriginalsStore, revert
from tests.crispdeck.deck.zip_maker import members_of, zip_of
from tests.decks import pictures
from tests.decks.building import DeckBuilder, edited
from tests.decks.enhancing import enhance


def deck() -> bytes:
    builder = DeckBuilder()
    builder.picture(builder.slide(), pictures.png(seed=1))
    builder.picture(builder.slide(), pictures.gif(seed=2))
    return builder.build()


def parts_of(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        return {info.orig_filename: archive.read(info) for info in archive.infolist()}


def test_backslashes_stay_and_the_pictures_come_back(tmp_path: Path) -> None:
    store = OriginalsStore(tmp_path)
    members = members_of(parts_of(deck()))
    for member in members:
        member.name = member.name.replace(b"/", b"\\")
    blob = zip_of(members)
    done = enhance(blob)
    assert len(done.result.swapped) == 2
    before, after = parts_of(blob), parts_of(done.after)
    same = [name for name in before if after.get(name) == before[name]]
    assert len(same) >= len(before) - 5
    assert not [name for name in after if "/" in name]
    with open_deck(blob) as archive:
        store.keep_swapped(archive, done.result)
    out = io.BytesIO()
    with open_deck(done.after) as archive:
        revert(archive, store, out)
    media = {name: data for name, data in before.items() if "media" in name}
    assert media.items() <= parts_of(out.getvalue()).items()


def test_a_target_with_backslashes_is_found_and_rewired() -> None:
    rels = "ppt/slides/_rels/slide2.xml.rels"
    blob = edited(deck(), {rels: lambda text: text.replace(b"../media/", b"..\\media\\")})
    done = enhance(blob)
    assert len(done.result.swapped) == 2
    assert b"..\\media\\image3.png" in parts_of(done.after)[rels]


@pytest.mark.parametrize("twin", ["ppt/media/image1.png", "ppt/slides/slide1.xml"])
def test_a_part_that_is_there_twice_is_written_once(twin: str) -> None:
    parts = parts_of(deck())
    blob = zip_of([*members_of(parts), *members_of({twin: parts[twin]})])
    done = enhance(blob)
    with zipfile.ZipFile(io.BytesIO(done.after)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert len(names) == len(set(names)) == len(parts)
