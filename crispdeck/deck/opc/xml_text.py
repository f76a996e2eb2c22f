"""Change single tags in an XML part's text and keep every other byte; knows no vocabulary.

lxml writes a document anew; here expat says at which byte each element lies, and only those bytes
change. UTF-16 parts pass through UTF-8 and back, which loses nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import quoteattr, unescape

from crispdeck.errors import MalformedDeckError, UnsafeDeckError

_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_ATTRIBUTE = re.compile(rb"""\s([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ENTITIES = {"&quot;": '"', "&apos;": "'"}


@dataclass(frozen=True, slots=True)
class Element:
    """An element and where it lies; offsets count the bytes of XmlText.blob."""

    name: str
    """Local name."""
    attributes: dict[str, str]
    """Value by name; one that has a namespace is written namespace}name."""
    start: int
    tag_end: int
    end: int
    """Behind the closing tag."""


class XmlText:
    """One XML part and the changes collected for it."""

    def __init__(self, blob: bytes, part: str) -> None:
        self._encoding = _UTF16.get(blob[:2])
        # The byte order mark stays a character of the text, so it comes back by itself.
        self.blob = blob.decode(self._encoding).encode() if self._encoding else blob
        self._part = part
        self._edits: list[tuple[int, int, bytes]] = []
        self._found: dict[tuple[str, ...], list[Element]] = {}

    def walk(
        self,
        on_start: Callable[[str, dict[str, str], int], None],
        on_end: Callable[[str, int], None],
    ) -> None:
        """Call back for every start tag (local name, attributes, offset) and end tag.

        Raises:
            UnsafeDeckError: the part has a document type.
            MalformedDeckError: it is not well-formed.
        """
        parser = expat.ParserCreate("utf-8" if self._encoding else None, namespace_separator="}")
        parser.buffer_text = True

        def start(name: str, attributes: dict[str, str]) -> None:
            on_start(_local(name), attributes, parser.CurrentByteIndex)

        parser.StartElementHandler = start
        parser.EndElementHandler = lambda name: on_end(_local(name), parser.CurrentByteIndex)
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            parser.Parse(self.blob, True)
        except expat.ExpatError as error:
            raise MalformedDeckError(f"{self._part[:200]!r} is not well-formed XML.") from error

    def _refuse_doctype(self, *_: object) -> None:
        raise UnsafeDeckError(f"{self._part[:200]!r} has a document type.")

    def elements(self, *names: str) -> list[Element]:
        """Return the elements of these local names in document order, as they were at first."""
        if names not in self._found:
            self._found[names] = self._find(names)
        return self._found[names]

    def _find(self, names: tuple[str, ...]) -> list[Element]:
        found: list[Element | None] = []
        open_ones: list[tuple[int, dict[str, str], int]] = []

        def start(name: str, attributes: dict[str, str], at: int) -> None:
            if name in names:
                open_ones.append((len(found), attributes, at))
                found.append(None)

        def end(name: str, at: int) -> None:
            if name in names:
                number, attributes, start_at = open_ones.pop()
                tag_end = self.tag_end(start_at)
                is_empty = self.blob[tag_end - 2 : tag_end] == b"/>"
                ends = tag_end if is_empty else self.blob.index(b">", at) + 1
                found[number] = Element(name, attributes, start_at, tag_end, ends)

        self.walk(start, end)
        return [element for element in found if element is not None]

    def tag_end(self, start: int) -> int:
        """Return where the start tag at this offset ends."""
        match = _TAG.match(self.blob, start)
        if match is None:
            raise MalformedDeckError(f"{self._part[:200]!r} has a tag that cannot be read.")
        return match.end()

    def value_span(self, tag_start: int, attribute: str, value: str) -> tuple[int, int]:
        """Return where the value of a tag's attribute (by local name) lies, without its quotes."""
        for match in _ATTRIBUTE.finditer(self.blob, tag_start, self.tag_end(tag_start)):
            name = match[1].rpartition(b":")[2].decode("utf-8", "replace")
            written = match[2][1:-1].decode("utf-8", "replace")
            if name == attribute and unescape(written, _ENTITIES) == value:
                return match.start(2) + 1, match.end(2) - 1
        raise MalformedDeckError(f"{self._part[:200]!r} has an attribute that cannot be found.")

    def replace(self, start: int, end: int, text: bytes) -> None:
        """Put text in the place of these bytes; spans must not overlap."""
        self._edits.append((start, end, text))

    def result(self) -> bytes:
        """Return the part with all changes made."""
        blob = b"".join(self._pieces())
        return blob.decode().encode(self._encoding) if self._encoding else blob

    def _pieces(self) -> Iterator[bytes]:
        at = 0
        for start, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            yield self.blob[at:start]
            yield text
            at = end
        yield self.blob[at:]


def quoted(value: str) -> bytes:
    """Return an attribute's value with its quotes."""
    return quoteattr(value).encode("ascii", "xmlcharrefreplace")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
