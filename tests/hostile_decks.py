"""Decks made to do harm, by what they try, each with the code that it is refused with."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

from tests.crispdeck.deck.zip_maker import Member, members_of, zip_of
from tests.small_deck import deck_of, picture_blob

SLIDE = "ppt/slides/slide1.xml"
PICTURE = "ppt/media/image1.png"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sound_deck() -> bytes:
    """One slide with one blurred picture."""
    return deck_of([picture_blob(1, 96)])


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(sound_deck())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(name: str, blob: bytes) -> bytes:
    """A sound deck with one part replaced or added."""
    return zip_of(members_of(_parts() | {name: blob}))


def _entity_bomb() -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE p [<!ENTITY e0 "ha">{lines}]>'
    return f'<?xml version="1.0"?>{dtd}<p>&e9;</p>'.encode()


def _outside_entity() -> bytes:
    return b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>'


def _compound_file(stream: str) -> bytes:
    return COMPOUND_FILE + bytes(504) + stream.encode("utf-16-le").ljust(128, b"\0")


def _entries(count: int) -> bytes:
    """A small file whose directory names one entry again and again."""
    one = Member(b"x")
    directory = one.central(0) * count
    named = min(count, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, named, named, len(directory), 31, 0)
    return one.local() + directory + end


def _many_small_bombs() -> bytes:
    """No entry is large; together they are."""
    many = [Member(b"ppt/media/%d.png" % number, bytes(6 << 20)) for number in range(20)]
    return zip_of([*members_of(_parts()), *many])


def _lying_slide() -> bytes:
    """A slide that says 5 KB and unpacks to 300 MB."""
    honest = [member for member in members_of(_parts()) if member.name != SLIDE.encode()]
    lie = Member(SLIDE.encode(), b" " * (300 << 20), claimed_bytes=5_000, claimed_crc32=0)
    return zip_of([*honest, lie])


def _signed() -> bytes:
    relationships = _parts()["_rels/.rels"].decode()
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    seal = f'<Relationship Id="rIdSeal" Type="{kind}" Target="_xmlsignatures/origin.sigs"/>'
    signed = relationships.replace("</Relationships>", f"{seal}</Relationships>")
    return with_part("_rels/.rels", signed.encode())


def _slide_of_another_name() -> bytes:
    """A slide of 40 MB of blanks that is called slide1.bin, so that its name says nothing."""
    parts = _parts()
    renamed = {
        name: blob.replace(b"slides/slide1.xml", b"slides/slide1.bin")
        for name, blob in parts.items()
        if name != SLIDE
    }
    rels = renamed.pop("ppt/slides/_rels/slide1.xml.rels")
    blanks = parts[SLIDE].replace(b"<p:cSld>", b"<p:cSld>" + b" " * (40 << 20))
    more = {"ppt/slides/slide1.bin": blanks, "ppt/slides/_rels/slide1.bin.rels": rels}
    return zip_of(members_of(renamed | more))


def layout_chain(length: int) -> bytes:
    """A deck whose slide stands on a layout that stands on a layout, and so on."""
    parts = _parts()
    layout = next(name for name in parts if name.startswith("ppt/slideLayouts/slideLayout"))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slideLayout"
    for number in range(length):
        name = f"ppt/slideLayouts/chain{number}.xml"
        target = f"chain{number + 1}.xml" if number + 1 < length else "slideLayout1.xml"
        parts[name] = parts[layout]
        parts[f"ppt/slideLayouts/_rels/chain{number}.xml.rels"] = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
        ).encode()
    rels = "ppt/slides/_rels/slide1.xml.rels"
    parts[rels] = re.sub(rb"slideLayout\d+\.xml", b"chain0.xml", parts[rels])
    shape = (
        b"<p:pic><p:nvPicPr><p:cNvPr id='77' name='x'/><p:cNvPicPr/><p:nvPr>"
        b"<p:ph type='pic' idx='1'/></p:nvPr></p:nvPicPr>"
        b"<p:blipFill><a:blip r:embed='rId2'/></p:blipFill><p:spPr/></p:pic></p:spTree>"
    )
    parts[SLIDE] = parts[SLIDE].replace(b"</p:spTree>", shape)
    return zip_of(members_of(parts))


def _disguised_doctype(encoding: str) -> bytes:
    """A main part with a document type, in an encoding that only libxml2 would find out."""
    text = '<!DOCTYPE p [<!ENTITY e "x">]><p:presentation xmlns:p="urn:x">&e;</p:presentation>'
    return with_part("ppt/presentation.xml", text.encode(encoding))


def many_scans_jpeg(scans: int, side_px: int = 1000) -> bytes:
    """A progressive JPEG whose last scan comes again and again: 34 bytes and 1 ms each."""
    out = io.BytesIO()
    Image.new("L", (side_px, side_px)).save(out, "JPEG", progressive=True)
    blob = out.getvalue()
    last = blob.rfind(b"\xff\xda")
    again = blob[blob.rfind(b"\xff\xc4", 0, last) : -2]
    return blob[:-2] + again * scans + b"\xff\xd9"


def deep_png(side_px: int) -> bytes:
    """A clear PNG of 16 bits and four colours: 8 bytes a pixel, a few hundred KB of file."""
    header = struct.pack(">IIBBBBB", side_px, side_px, 16, 6, 0, 0, 0)
    size = side_px * (1 + 8 * side_px)
    # Each row is compressed by itself, so that one stands for all: half a gigabyte takes seconds.
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    row = packer.compress(bytes(1 + 8 * side_px)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = struct.pack(">HH", size % 65521, 1)  # Adler-32 of zeros: RFC 1950, 8.2
    data = b"\x78\xda" + row * side_px + packer.flush() + checksum
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", data)
        + _chunk(b"IEND", b"")
    )


REFUSED: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "deck_not_a_deck"),
    "text": (lambda: b"Dear Sir or Madam", "deck_not_a_deck"),
    "a picture": (lambda: picture_blob(1, 96), "deck_not_a_deck"),
    "password": (lambda: _compound_file("EncryptedPackage"), "deck_encrypted"),
    "binary .ppt": (lambda: _compound_file("PowerPoint Document"), "deck_legacy_binary"),
    "another zip": (lambda: zip_of([Member(b"a.txt", b"a")]), "deck_no_presentation"),
    "cut off": (lambda: sound_deck()[:-400], "deck_truncated"),
    "signed": (_signed, "deck_signed"),
    "bomb by ratio": (lambda: with_part(PICTURE, bytes(64 << 20)), "deck_unsafe"),
    "bomb by sum": (_many_small_bombs, "deck_unsafe"),
    "60,000 entries": (lambda: _entries(60_000), "deck_too_large"),
    "lying size": (_lying_slide, "deck_unsafe"),
    "path tricks": (lambda: with_part("../../etc/passwd", b"x"), "deck_unsafe"),
    "entity bomb": (lambda: with_part(SLIDE, _entity_bomb()), "deck_unsafe"),
    "outside entity": (lambda: with_part(SLIDE, _outside_entity()), "deck_unsafe"),
    "a slide of another name": (_slide_of_another_name, "deck_unsafe"),
    "layouts without end": (lambda: layout_chain(1_200), "deck_unsafe"),
    "DOCTYPE in UTF-16": (lambda: _disguised_doctype("utf-16-le"), "deck_malformed"),
    "DOCTYPE in UTF-32": (lambda: _disguised_doctype("utf-32-be"), "deck_malformed"),
    "DOCTYPE in EBCDIC": (lambda: _disguised_doctype("cp037"), "deck_malformed"),
    "no XML": (lambda: with_part("ppt/presentation.xml", b"<p:presentation"), "deck_malformed"),
}


def pixel_flood(side_px: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be huge."""
    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    body = _chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + body + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def damaged_picture() -> bytes:
    """A PNG whose header is sound and whose pixels are not."""
    blob = bytearray(picture_blob(1, 96))
    blob[len(blob) // 2] ^= 0xFF
    return bytes(blob)


TAKEN: Mapping[str, Callable[[], bytes]] = {
    "a zip inside": lambda: with_part(
        "ppt/media/inner.zip", zip_of([Member(b"x", bytes(5 << 20))])
    ),
    "pixel flood": lambda: with_part(PICTURE, pixel_flood(30_000)),
    "damaged picture": lambda: with_part(PICTURE, damaged_picture()),
    "JPEG of 2,000 scans": lambda: with_part(PICTURE, many_scans_jpeg(2_000)),
    "rubbish for a picture": lambda: with_part(PICTURE, b"rubbish"),
}
"""Decks that are sound but for what lies in them; a job on them ends."""
