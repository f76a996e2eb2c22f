"""Parse a deck's XML with every dangerous feature off, in one vocabulary; knows no zip."""

import re
from functools import cache
from typing import Final

from lxml import etree

from crispdeck.errors import MalformedDeckError, UnsafeDeckError

A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PR: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
CT: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"

_STRICT_ROOT = b"http://purl.oclc.org/ooxml/"
_STRICT_TO_TRANSITIONAL = (
    (b"drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"presentationml/", b"http://schemas.openxmlformats.org/presentationml/2006/"),
    (b"officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)
"""Strict names of ISO/IEC 29500-1 next to those of 29500-4, for reading with one code path."""

_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_EIGHT_BIT = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
"""Every byte of markup means the same in these; OPC itself asks for UTF-8 or UTF-16."""

_EBCDIC = b"\x4c\x6f\xa7\x94"
"""`<?xm` in it (XML 1.0, appendix F.1)."""

_MAX_MARKS = 1_500_000
"""Tags and attributes in one part, at some 150 bytes each; real slides stay below 25,000."""


def as_utf8(blob: bytes, part: str) -> bytes:
    """Return the XML in an 8-bit encoding and the transitional vocabulary, for reading only.

    Raises:
        UnsafeDeckError: it has a DOCTYPE.
        MalformedDeckError: it is in an encoding that OPC does not allow.
    """
    if blob.startswith((b"\xff\xfe", b"\xfe\xff")):
        blob = _from_utf16(blob, part)
    if b"\0" in blob[:4] or blob.startswith(_EBCDIC):
        # UTF-16 or UTF-32 without its mark, which libxml2 would find out: no check below would fit.
        raise MalformedDeckError(f"{part[:200]!r} is in an encoding that decks do not use.")
    declared = _DECLARED_ENCODING.match(blob.removeprefix(b"\xef\xbb\xbf")[:256].lstrip())
    if declared and declared[1].lower() not in _EIGHT_BIT:
        raise MalformedDeckError(f"{part[:200]!r} is in an encoding that decks do not use.")
    if b"<!DOCTYPE" in blob:
        raise UnsafeDeckError(f"{part[:200]!r} has a document type, which decks must not have.")
    if _STRICT_ROOT in blob:
        for strict, transitional in _STRICT_TO_TRANSITIONAL:
            blob = blob.replace(_STRICT_ROOT + strict, transitional)
    return blob


def _from_utf16(blob: bytes, part: str) -> bytes:
    try:
        text = blob.decode("utf-16")
    except UnicodeDecodeError as error:
        raise MalformedDeckError(f"{part[:200]!r} is not well-formed XML.") from error
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1).encode("utf-8", "replace")


def parse(blob: bytes, part: str) -> etree._Element:
    """Parse XML with no DTD, no entities and no network; comments are dropped.

    Raises:
        UnsafeDeckError: it has a DOCTYPE, or so much markup that it would fill the memory.
        MalformedDeckError: it is not well-formed.
    """
    return parse_clean(as_utf8(blob, part), part)


def parse_clean(blob: bytes, part: str) -> etree._Element:
    """Parse what `as_utf8` has returned; see `parse`."""
    if len(blob) > _MAX_MARKS < blob.count(b"<") + blob.count(b"="):
        raise UnsafeDeckError(f"{part[:200]!r} has far more markup than any real deck.")
    try:
        return etree.fromstring(blob, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MalformedDeckError(f"{part[:200]!r} is not well-formed XML.") from error


@cache
def _parser() -> "etree.XMLParser[etree._Element]":
    """Make the one parser; lxml locks it while a thread uses it."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
