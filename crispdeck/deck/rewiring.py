"""Collect the changes of one rewrite: new pictures, and the XML edits that moved ones need.

A picture that keeps its name needs none. One that moves or is copied gets a new part name, the
relationships that shall point to it get a new file name in their Target, and [Content_Types].xml
learns the new extension where it must. All of it is edited in the text.
"""

import posixpath
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import BinaryIO
from urllib.parse import unquote

from crispdeck.deck.model import Reason
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.opc.package import CONTENT_TYPES_PART, Relationship, rels_part
from crispdeck.deck.opc.xml_text import Element, XmlText, quoted
from crispdeck.deck.swapped import SwappedPart, SwapResult, TrackedContent
from crispdeck.deck.zip.raw import Content, NewEntry, ZipChanges, rewrite
from crispdeck.picture.formats import PictureFormat

_RELS_NAME = re.compile(r"(?:(?P<folder>.+)/)?_rels/(?P<name>[^/]*)\.rels", re.IGNORECASE)
_NUMBERED = re.compile(r"image(\d{1,9})\.[^/]*", re.IGNORECASE)


def all_relationships(deck: DeckArchive) -> dict[str, tuple[Relationship, ...]]:
    """Return the relationships of every part that has some; "" is the package."""
    spelled = {name.casefold(): name for name in deck.names}
    found: dict[str, tuple[Relationship, ...]] = {}
    for name in deck.names:
        if match := _RELS_NAME.fullmatch(name):
            page = posixpath.join(match["folder"] or "", match["name"])
            page = spelled.get(page.casefold(), page)
            found[page] = deck.package.relationships(page)
    return found


class Rewiring:
    """The changes collected for one deck."""

    def __init__(self, deck: DeckArchive) -> None:
        self._deck = deck
        # Names that differ in case alone name one part (ECMA-376 part 2); the zip's own is kept.
        self._spelled = {name.casefold(): name for name in deck.names}
        # Names that only [Content_Types].xml mentions are taken as well: their type would be ours.
        self._taken = set(self._spelled) | set(deck.package.override_types)
        self._replaced: dict[str, NewEntry] = {}
        self._added: dict[str, NewEntry] = {}
        self._dropped: set[str] = set()
        self._texts: dict[str, XmlText] = {}
        self._elements: dict[str, dict[str, Element]] = {}
        self._numbers: dict[str, int] = {}
        self._new_ids: dict[str, set[str]] = {}
        self._declared: set[str] = set()
        self._reports: list[Callable[[], SwappedPart]] = []

    def replace(self, part: str, content: Content) -> None:
        """Give a part new bytes under its own name."""
        self._replaced[part] = NewEntry(self._tracked(part, part, content), part)

    def move(
        self,
        part: str,
        picture_format: PictureFormat,
        content: Content,
        preferred: str | None = None,
    ) -> str:
        """Put new bytes of another format in a part's place and return their new name.

        `preferred` is the name to take if it is free. The caller repoints every relationship.
        """
        name = self._free_name(part, picture_format.extension, preferred)
        self._replaced[part] = NewEntry(self._tracked(part, name, content), name)
        self._undeclare(part)
        self._declare(name, picture_format)
        return name

    def copy(self, part: str, picture_format: PictureFormat, content: Content) -> str:
        """Add a new part beside one that stays, and return its name."""
        declared = self._deck.package.content_type(part)
        extension = picture_format.extension
        if picture_format.is_declared_as(declared):
            extension = posixpath.splitext(part)[1].lstrip(".") or extension
        name = self._free_name(part, extension)
        content = self._tracked(part, name, content, copied=True)
        self._added[part] = NewEntry(content, name)
        self._declare(name, picture_format)
        return name

    def merge(self, part: str, into: str) -> None:
        """Leave a part out in favour of another; the caller repoints every relationship."""
        self._dropped.add(part)
        self._undeclare(part)
        self._tracked(part, into, partial(self._deck.read, into))()

    def repoint(self, page: str, relationship: Relationship, part: str) -> None:
        """Let a relationship name another part in the same folder."""
        text, element = self._relationship_element(page, relationship)
        text.replace(*_file_name_span(text, element, relationship), _file_name(part))

    def split(
        self, page: str, relationship: Relationship, mentions: list[tuple[int, str]], part: str
    ) -> None:
        """Let some mentions (tag offset, attribute) of a relationship name another part.

        A second relationship is added behind the first, and the mentions get its id.
        """
        text, element = self._relationship_element(page, relationship)
        new_id = self._new_id(page)
        # A copy of the text and not of a parsed element: prefixes, order and quotes stay the
        # deck's.
        start, end = element.start, element.end
        # The new one is the old one's own text, so its type and its prefix are right.
        twin = XmlText(text.blob[start:end], page)
        twin.replace(*twin.value_span(0, "Id", relationship.id), new_id.encode())
        twin.replace(*_file_name_span(twin, None, relationship), _file_name(part))
        text.replace(end, end, twin.result())
        page_text = self._text(page)
        for tag_start, attribute in mentions:
            span = page_text.value_span(tag_start, attribute, relationship.id)
            page_text.replace(*span, new_id.encode())

    def write(self, out: BinaryIO, left: Iterable[tuple[str, Reason]] = ()) -> SwapResult:
        """Write the deck with all that was collected."""
        replaced = dict(self._replaced)
        for part, text in self._texts.items():
            replaced[part] = NewEntry(text.result, part)
        changes = ZipChanges(replaced, self._added, frozenset(self._dropped))
        bytes_after = rewrite(self._deck, changes, out)
        return SwapResult(
            swapped=tuple(report() for report in self._reports),
            left=tuple(left),
            bytes_before=self._deck.size,
            bytes_after=bytes_after,
        )

    def _tracked(
        self, part: str, new_part: str, content: Content, *, copied: bool = False
    ) -> Content:
        """Measure the content when it is written, for the report."""
        tracked = TrackedContent(content)
        self._reports.append(
            lambda: SwappedPart(
                part=part,
                new_part=new_part,
                bytes_before=self._deck.size_bytes(part),
                bytes_after=tracked.size_bytes,
                copied=copied,
                new_sha256=tracked.sha256,
            )
        )
        return tracked

    def _text(self, part: str) -> XmlText:
        if part not in self._texts:
            self._texts[part] = XmlText(self._deck.read_xml(part), part)
        return self._texts[part]

    def _relationship_element(
        self, page: str, relationship: Relationship
    ) -> tuple[XmlText, Element]:
        part = self._spelled[rels_part(page).casefold()]
        text = self._text(part)
        if part not in self._elements:
            found = text.elements("Relationship")
            self._elements[part] = {one.attributes.get("Id", ""): one for one in found}
        return text, self._elements[part][relationship.id]

    def _new_id(self, page: str) -> str:
        taken = self._new_ids.setdefault(
            page, {r.id.lower() for r in self._deck.package.relationships(page)}
        )
        # Numbered on as Office does; longer numbers are somebody else's idea of an id.
        numbers = [int(i[3:]) for i in taken if re.fullmatch(r"rid\d{1,9}", i)]
        new_id = f"rId{max(numbers, default=0) + 1}"
        taken.add(new_id.lower())
        return new_id

    def _free_name(self, part: str, extension: str, preferred: str | None = None) -> str:
        """Return the next imageN in the part's folder, as PowerPoint would number it."""
        folder = posixpath.dirname(part)
        if (
            preferred
            and posixpath.dirname(preferred) == folder
            and preferred.casefold() not in self._taken
        ):
            self._taken.add(preferred.casefold())
            return preferred
        # Beyond the highest and not the first gap: a gap may be the name of something just deleted,
        # which another copy of the deck still has.
        if folder not in self._numbers:
            self._numbers[folder] = _highest_number(self._taken, folder)
        self._numbers[folder] += 1
        name = posixpath.join(folder, f"image{self._numbers[folder]}.{extension}")
        self._taken.add(name.casefold())
        return name

    def _declare(self, name: str, picture_format: PictureFormat) -> None:
        """Make [Content_Types].xml say this format of this part."""
        package = self._deck.package
        extension = posixpath.splitext(name)[1].lstrip(".").lower()
        declared = package.default_types.get(extension)
        # Default types go by suffix. One that says something else is overridden for this part
        # alone; changing it would change the type of others.
        if extension in self._declared or picture_format.is_declared_as(declared or ""):
            return
        text = self._text(self._spelled[CONTENT_TYPES_PART.casefold()])
        content_type = quoted(picture_format.content_type)
        if declared is None:
            self._declared.add(extension)
            self._insert(text, "Default", b"Extension=" + quoted(extension), content_type)
        else:
            self._insert(text, "Override", b"PartName=" + quoted(f"/{name}"), content_type)

    def _insert(self, text: XmlText, name: str, key: bytes, content_type: bytes) -> None:
        (root,) = text.elements("Types")
        # The root may have a prefix (ct:Types), and then its children need the same.
        tag = text.blob[root.start + 1 : root.tag_end].split(maxsplit=1)[0].rstrip(b">")
        prefix = tag[: -len("Types")]
        item = b"<" + prefix + name.encode() + b" " + key + b" ContentType=" + content_type + b"/>"
        before = text.elements(name)
        # Beside its like: the schema wants no order, but people who compare two decks do.
        at = before[-1].end if before else root.tag_end
        text.replace(at, at, item)

    def _undeclare(self, part: str) -> None:
        """Take away the Override of a part that goes."""
        if part.casefold() not in self._deck.package.override_types:
            return
        text = self._text(self._spelled[CONTENT_TYPES_PART.casefold()])
        for element in text.elements("Override"):
            named = unquote(element.attributes.get("PartName", "")).lstrip("/")
            if named.casefold() == part.casefold():
                text.replace(element.start, element.end, b"")


def _highest_number(names: Iterable[str], folder: str) -> int:
    """Return the highest N of imageN.* in a folder, 0 for none."""
    beside = [name for name in names if posixpath.dirname(name) == folder.casefold()]
    found = [_NUMBERED.fullmatch(posixpath.basename(name)) for name in beside]
    return max((int(match[1]) for match in found if match), default=0)


def _file_name(part: str) -> bytes:
    return quoted(posixpath.basename(part))[1:-1]


def _file_name_span(
    text: XmlText, element: Element | None, relationship: Relationship
) -> tuple[int, int]:
    """Return where the last segment of the Target lies."""
    start, end = text.value_span(element.start if element else 0, "Target", relationship.target)
    target = text.blob[start:end]
    return start + max(target.rfind(b"/"), target.rfind(b"\\")) + 1, end
