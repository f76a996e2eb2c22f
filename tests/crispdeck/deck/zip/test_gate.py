"""Files that are no decks, and zips built to do harm: a stable error each, and little memory."""

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crispdeck.deck.opc.archive import DeckLimits, open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import (
    CrispdeckError,
    DeckTooLargeError,
    EncryptedDeckError,
    LegacyDeckError,
    MalformedDeckError,
    NoPresentationError,
    NotADeckError,
    SignedDeckError,
    TruncatedDeckError,
    UnsafeDeckError,
)
from crispdeck.settings import Settings
from tests.crispdeck.deck.deck_maker import IN, Made, page, picture, xfrm
from tests.crispdeck.deck.zip_maker import Member, members_of, zip_of
from tests.fuzzing import searching

REFUSED_OR_FINE = {200, 409, 413, 415, 422}
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEMORY_BYTES = 400 << 20
"""Address space for the child that opens a hostile file: interpreter, lxml and all."""

SCAN_IN_CHILD = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import CrispdeckError
try:
    with open_deck(Path(sys.argv[1])) as deck:
        scan(deck)
    print("scanned")
except CrispdeckError as error:
    print(error.code)
"""


def compound_file(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return CFB + b"\0" * 504 + names


def made() -> Made:
    return Made(slides=[picture(xfrm(0, 0, 8, 6))])


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made().blob())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_member(member: Member) -> bytes:
    return zip_of([*members_of(parts()), member])


def scan_all(blob: bytes) -> None:
    with open_deck(blob) as deck:
        scan(deck)
        for name in deck.names:
            deck.read(name)


@pytest.mark.parametrize(
    ("blob", "error"),
    [
        pytest.param(b"", NotADeckError, id="empty"),
        pytest.param(b"%PDF-1.7 ...", NotADeckError, id="pdf"),
        pytest.param(b"\x06Jane Doe" + b" " * 150, NotADeckError, id="lock file"),
        pytest.param(b"../../../real.pptx", NotADeckError, id="text that names a file"),
        pytest.param(b"junk" + made().blob(), NotADeckError, id="zip behind other bytes"),
        pytest.param(compound_file("EncryptedPackage"), EncryptedDeckError, id="password"),
        pytest.param(compound_file("\x09DRMContent"), EncryptedDeckError, id="rights management"),
        pytest.param(compound_file("PowerPoint Document"), LegacyDeckError, id="binary ppt"),
        pytest.param(compound_file("WordDocument"), NotADeckError, id="binary doc"),
        pytest.param(b"PK\x05\x06" + b"\0" * 18, NoPresentationError, id="empty zip"),
        pytest.param(zip_of([Member(b"a.txt", b"a")]), NoPresentationError, id="plain zip"),
        pytest.param(b"PK\x03\x04" + b"\0" * 200, TruncatedDeckError, id="no directory"),
    ],
)
def test_what_is_no_deck_is_refused_by_its_bytes(blob: bytes, error: type[CrispdeckError]) -> None:
    with pytest.raises(error):
        open_deck(blob)


@pytest.mark.parametrize(
    "main_type",
    [
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-powerpoint.addin.macroEnabled.main+xml",
    ],
)
def test_other_office_documents_are_no_presentations(main_type: str) -> None:
    with pytest.raises(NoPresentationError):
        open_deck(Made(main_type=main_type).blob())


def test_a_signed_deck_is_refused_unless_allowed() -> None:
    rels = made()
    rels.parts["_rels/.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="/ppt/presentation.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/'
        'relationships/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/>'
        "</Relationships>"
    )
    with pytest.raises(SignedDeckError):
        open_deck(rels.blob())
    with open_deck(rels.blob(), allow_signed=True) as deck:
        assert scan(deck).signed


@pytest.mark.parametrize(
    "name",
    [
        b"../evil.png",
        b"ppt/../../evil.png",
        b"ppt/..",
        b"./evil.png",
        b"/etc/passwd",
        b"//host/share",
        b"C:/evil.png",
        b"ppt\\..\\..\\evil.png",
        b"\\\\host\\share",
        b"ppt/evil\0.png",
        b"ppt//evil.png",
        b"",
        b"x" * 600,
    ],
)
def test_names_that_leave_the_deck_are_unsafe(name: bytes) -> None:
    with pytest.raises(UnsafeDeckError):
        open_deck(with_member(Member(name, b"x")))


@pytest.mark.parametrize(
    ("member", "error"),
    [
        pytest.param(Member(b"PPT/presentation.XML", b"x"), UnsafeDeckError, id="duplicate name"),
        pytest.param(Member(b"x.png", b"x", flags=1), EncryptedDeckError, id="encrypted"),
        pytest.param(Member(b"x.png", b"x", method=14), MalformedDeckError, id="lzma"),
        pytest.param(
            Member(b"x.png", b"ppt/y", attributes=0o120777), UnsafeDeckError, id="symbolic link"
        ),
        pytest.param(Member(b"\xff.png", b"x", flags=0x800), UnsafeDeckError, id="name not UTF-8"),
        pytest.param(Member(b"x.png", b"x", local_name=b"y.png"), UnsafeDeckError, id="two names"),
        pytest.param(
            Member(b"x.png", b"x", local_claimed_bytes=9), UnsafeDeckError, id="two sizes"
        ),
        pytest.param(
            Member(b"x.png", b"x" * 9, method=0, claimed_bytes=5), UnsafeDeckError, id="stored lie"
        ),
        pytest.param(
            Member(b"x.png", b"x", claimed_packed_bytes=400), UnsafeDeckError, id="reaches beyond"
        ),
        pytest.param(
            Member(b"x.png", b"x", claimed_packed_bytes=0xFFFFFFFF), UnsafeDeckError, id="zip64 lie"
        ),
        pytest.param(
            Member(b"x.png", b"x", header_offset=10**9), TruncatedDeckError, id="outside the file"
        ),
        pytest.param(
            Member(b"x.png", b"x", header_offset=7), TruncatedDeckError, id="no header there"
        ),
        pytest.param(
            Member(b"x.png", b"x", header_offset=0), UnsafeDeckError, id="the header of another"
        ),
    ],
)
def test_entries_that_contradict_themselves_are_refused(
    member: Member, error: type[CrispdeckError]
) -> None:
    with pytest.raises(error):
        open_deck(with_member(member))


def test_overlapping_entries_are_unsafe() -> None:
    outer = Member(b"a.bin", Member(b"b.bin", b"b" * 50, method=0).local(), method=0)
    start = (
        len(zip_of(members_of(parts())))
        - len(zip_of([]))
        - sum(len(member.central(0)) for member in members_of(parts()))
    )
    inner = Member(b"b.bin", b"b" * 50, method=0, header_offset=start + 30 + len(outer.name))
    blob = zip_of([*members_of(parts()), outer, inner])
    with pytest.raises(UnsafeDeckError, match="overlap"):
        open_deck(blob)


@pytest.mark.parametrize(
    ("count", "error"),
    [
        (3, UnsafeDeckError),
        (900, UnsafeDeckError),
        (len(parts()) + 1, TruncatedDeckError),
        (0, NoPresentationError),
    ],
)
def test_an_end_record_that_miscounts_is_refused(count: int, error: type[CrispdeckError]) -> None:
    with pytest.raises(error):
        open_deck(zip_of(members_of(parts()), count=count))


def zip64_end(count: int, size: int, offset: int, at: int) -> bytes:
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    return record + struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)


@pytest.mark.parametrize("true", [True, False])
def test_a_zip64_end_record_is_believed_only_where_it_agrees(true: bool) -> None:
    plain = zip_of(members_of(parts()))
    count, _, size, offset = struct.unpack("<2H2L", plain[-14:-2])
    end = zip64_end(count if true else count - 1, size, offset, offset + size)
    blob = zip_of(members_of(parts()), between=end)
    if true:
        scan_all(blob)
        return
    with pytest.raises(UnsafeDeckError, match="contradict"):
        open_deck(blob)


def test_a_zip64_locator_without_its_record_is_refused() -> None:
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 10**15, 1)
    with pytest.raises(TruncatedDeckError):
        open_deck(zip_of(members_of(parts()), between=locator))


def test_an_entry_with_zip64_sizes_is_read() -> None:
    content = b"x" * 70
    sizes = struct.pack("<2H2Q", 1, 16, len(content), len(content))
    member = Member(
        b"x.bin",
        content,
        method=0,
        claimed_bytes=0xFFFFFFFF,
        claimed_packed_bytes=0xFFFFFFFF,
        extra=sizes,
        local_extra=sizes,
    )
    with open_deck(with_member(member)) as deck:
        assert deck.read("x.bin") == content


@pytest.mark.parametrize("claimed", [10, 999])
def test_a_part_that_holds_more_than_it_declares_is_unsafe_when_read(claimed: int) -> None:
    with open_deck(with_member(Member(b"x.png", b"x" * 1000, claimed_bytes=claimed))) as deck:
        with pytest.raises(UnsafeDeckError):
            deck.read("x.png")
        with pytest.raises(UnsafeDeckError):
            deck.open("x.png").read()


@pytest.mark.parametrize(
    "member",
    [
        Member(b"x.png", b"x" * 1000, claimed_bytes=1001),
        Member(b"x.png", b"x" * 1000, claimed_crc32=1),
    ],
)
def test_a_part_that_holds_less_or_other_bytes_is_malformed_when_read(member: Member) -> None:
    with open_deck(with_member(member)) as deck, pytest.raises(MalformedDeckError):
        deck.read("x.png")


def test_a_lying_picture_header_stops_the_scan() -> None:
    members = members_of(parts() | {"ppt/media/image1.png": b"GIF89a" + b"\xff" * 5000})
    lying = next(member for member in members if member.name == b"ppt/media/image1.png")
    lying.claimed_bytes = 100
    with open_deck(zip_of(members)) as deck, pytest.raises(UnsafeDeckError):
        scan(deck)


def test_a_bomb_by_ratio_is_refused_by_its_directory() -> None:
    with pytest.raises(UnsafeDeckError, match="hundred"):
        open_deck(with_member(Member(b"x.png", b"\0" * (20 << 20))))


def test_a_bomb_of_many_members_is_refused_by_their_sum() -> None:
    content = b"\0" * (6 << 20)
    many = [Member(b"%d.png" % number, content) for number in range(20)]
    with pytest.raises(UnsafeDeckError, match="hundred"):
        open_deck(zip_of([*members_of(parts()), *many]))


@pytest.mark.parametrize("name", [b"x.bmp", b"x.emf", b"x.wav", b"x.tif", b"x.tmp"])
def test_what_is_read_as_a_stream_may_pack_as_well_as_it_likes(name: bytes) -> None:
    open_deck(with_member(Member(name, b"\xff" * (20 << 20)))).close()


def test_names_with_backslashes_are_read_as_office_reads_them() -> None:
    members = members_of(parts())
    for member in members:
        member.name = member.name.replace(b"/", b"\\")
    with open_deck(zip_of(members_of(parts()))) as plain, open_deck(zip_of(members)) as slanted:
        assert scan(slanted).pictures == scan(plain).pictures


def test_names_in_utf8_need_no_flag() -> None:
    name = "ppt/media/图片1.png"
    with open_deck(with_member(Member(name.encode(), b"x"))) as deck:
        assert name in deck


def test_a_part_that_is_there_twice_counts_once() -> None:
    twice = [*members_of(parts()), members_of(parts())[-1]]
    with open_deck(zip_of(twice)) as deck:
        assert len(deck.names) == len(twice) - 1


def test_two_parts_of_one_name_and_other_bytes_are_refused_with_advice() -> None:
    other = Member(members_of(parts())[-1].name, b"other")
    with pytest.raises(UnsafeDeckError, match="save it again"):
        open_deck(with_member(other))


def test_a_zip_inside_is_never_unpacked() -> None:
    inner = zip_of([Member(b"x", b"\0" * (5 << 20))])
    scan_all(with_member(Member(b"inner.zip", inner)))


def test_sixty_thousand_entries_are_refused_before_they_are_read() -> None:
    one = Member(b"x", b"")
    blob = one.local() + one.central(0) * 60_000
    blob += struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, 60_000, 60_000, len(one.central(0)) * 60_000, 31, 0
    )
    with pytest.raises(DeckTooLargeError):
        open_deck(blob)


@pytest.mark.parametrize(
    "limits",
    [
        DeckLimits(deck_bytes=100),
        DeckLimits(entries=3),
        DeckLimits(part_bytes=50),
        DeckLimits(xml_bytes=50),
        DeckLimits(unpacked_bytes=50),
    ],
)
def test_every_limit_is_kept(limits: DeckLimits) -> None:
    with pytest.raises(DeckTooLargeError):
        open_deck(made().blob(), limits=limits)


def test_limits_come_from_the_settings() -> None:
    assert DeckLimits.of(Settings()) == DeckLimits()
    assert DeckLimits.of(Settings(max_deck_entries=7)).entries == 7


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<x>&b;&b;&b;&b;&b;&b;</x>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml", "ppt/slides/slide1.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_part_and_encoding(xml: str, part: str, encoding: str) -> None:
    hostile = made()
    hostile.parts[part] = xml.encode(encoding)
    with pytest.raises(UnsafeDeckError):
        scan_all(hostile.blob())


def test_every_truncation_is_refused() -> None:
    blob = made().blob()
    for end in range(0, len(blob) - 1, 7):
        with pytest.raises((NotADeckError, TruncatedDeckError)):
            open_deck(blob[:end])


@searching(300, steady=True)
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8
    ),
    tail_only=st.booleans(),
)
def test_a_mutated_deck_never_ends_in_a_foreign_error(
    changes: list[tuple[float, int]], tail_only: bool
) -> None:
    blob = bytearray(MUTABLE)
    span = 1500 if tail_only else len(blob)
    for place, value in changes:
        blob[len(blob) - span + int(place * span)] = value
    assert status_of(bytes(blob)) in REFUSED_OR_FINE


@searching(200, steady=True)
@given(
    part=st.sampled_from(
        ["ppt/slides/slide1.xml", "ppt/presentation.xml", "[Content_Types].xml", "_rels/.rels"]
    ),
    start=st.floats(0, 1),
    size=st.integers(0, 40),
    text=st.sampled_from([b"", b"<", b"\0", b'="', b"nan", b"-1", b"]]>", b"&x;", b"a:blip", b"%"]),
)
def test_mutated_markup_never_ends_in_a_foreign_error(
    part: str, start: float, size: int, text: bytes
) -> None:
    content = parts()
    at = int(start * len(content[part]))
    content[part] = content[part][:at] + text + content[part][at + size :]
    assert status_of(zip_of(members_of(content))) in REFUSED_OR_FINE


def elements_bomb() -> bytes:
    return page("sld", "<a:blip/>" * 700_000).encode()


def attributes_bomb() -> bytes:
    many = " ".join(f'a{number:x}=""' for number in range(1_600_000))
    return page("sld", f"<a:blip {many}/>").encode()


def text_bomb() -> bytes:
    return page("sld", "<a:blip/>" + "x" * (30 << 20)).encode()


def depth_bomb() -> bytes:
    return page("sld", "<p:grpSp>" * 100_000 + "<a:blip/>").encode()


def groups_bomb() -> bytes:
    box = f'<p:grpSpPr><a:xfrm><a:ext cx="{IN}" cy="{IN}"/></a:xfrm></p:grpSpPr>'
    inner = picture(xfrm(0, 0, 1, 1)) * 15_000
    return page("sld", f"<p:grpSp>{box}" * 100 + inner + "</p:grpSp>" * 100).encode()


def stored(content: bytes) -> bytes:
    """Stored, so that no ratio gives it away before it is parsed."""
    members = members_of(parts() | {"ppt/slides/slide1.xml": content})
    for member in members:
        member.method = 0
    return zip_of(members)


@pytest.mark.parametrize(
    ("bomb", "codes"),
    [
        (elements_bomb, {"deck_unsafe", "deck_too_large"}),
        (attributes_bomb, {"deck_unsafe"}),
        (text_bomb, {"scanned"}),
        (depth_bomb, {"scanned"}),
        (groups_bomb, {"scanned", "deck_too_large"}),
    ],
)
def test_markup_built_to_fill_the_memory_does_not(
    bomb: Callable[[], bytes], codes: set[str], tmp_path: Path
) -> None:
    path = tmp_path / "bomb.pptx"
    path.write_bytes(stored(bomb()))
    assert code_in_child(path) in codes


def test_a_lying_bomb_is_stopped_while_it_inflates(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pptx"
    slide = b"ppt/slides/slide1.xml"
    members = [member for member in members_of(parts()) if member.name != slide]
    bomb = Member(slide, b" " * (300 << 20), claimed_bytes=5_000, claimed_crc32=0)
    path.write_bytes(zip_of([*members, bomb]))
    assert code_in_child(path) == "deck_unsafe"


def status_of(blob: bytes) -> int:
    """Read all of a deck; return 200 or the status of the error."""
    try:
        scan_all(blob)
    except CrispdeckError as error:
        return error.status
    return 200


def code_in_child(path: Path) -> str:
    """Scan in a process of bounded memory and time; return the code of its error."""
    child = subprocess.run(
        [sys.executable, "-c", SCAN_IN_CHILD.format(limit=MEMORY_BYTES), str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-800:]
    return child.stdout.strip()


MUTABLE = made().blob()
