"""The deck as a package (ECMA-376 Part 2): content types, relationships, main part; no shapes."""

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from crispdeck.deck.opc.markup import CT, PR, parse
from crispdeck.errors import MalformedDeckError, NoPresentationError

CONTENT_TYPES_PART = "[Content_Types].xml"

_MAIN_KINDS = {
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": (
        "presentation"
    ),
    "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml": "template",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml": "show",
    "application/vnd.ms-powerpoint.presentation.macroenabled.main+xml": "macro presentation",
    "application/vnd.ms-powerpoint.template.macroenabled.main+xml": "macro template",
    "application/vnd.ms-powerpoint.slideshow.macroenabled.main+xml": "macro show",
}
_STRICT_OFFICE_DOCUMENT = b"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_SIGNATURE_TYPE_END = "/digital-signature/origin"


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a part."""

    id: str
    type: str
    target: str
    """As written in the XML."""
    is_external: bool
    part: str | None
    """The part that an internal target names, as the zip spells it; None where it is missing."""

    @property
    def kind(self) -> str:
        """Last word of the type: image, slide, slideLayout … (same in strict and transitional)."""
        return self.type.rpartition("/")[2]


@dataclass
class Package:
    """Content types and relationships; relationships are read when first asked for."""

    main_part: str
    kind: str
    """As DeckScan.kind."""
    strict: bool
    signed: bool
    default_types: dict[str, str]
    """Content type by extension in lower case."""
    override_types: dict[str, str]
    """Content type by case-folded part name without the leading slash."""
    _read: Callable[[str], bytes]
    _names: dict[str, str]
    _relationships: dict[str, tuple[Relationship, ...]] = field(default_factory=dict)

    def content_type(self, part: str) -> str:
        """Return the declared content type, "" where none is declared."""
        return _content_type(part, self.default_types, self.override_types)

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """Return a part's relationships in their order, () where it has none.

        Raises:
            MalformedDeckError, UnsafeDeckError: the .rels part cannot be read.
        """
        if part not in self._relationships:
            self._relationships[part] = _relationships(part, self._read, self._names)
        return self._relationships[part]


def rels_part(part: str) -> str:
    """Return the name of the part that holds a part's relationships; "" is the package."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def read_package(read: Callable[[str], bytes], names: Iterable[str]) -> Package:
    """Find the presentation in a zip.

    Raises:
        NoPresentationError: it is a document, a sheet or a plain zip.
        MalformedDeckError: its content types or relationships cannot be read.
    """
    spelled = {name.casefold(): name for name in names}
    types_part = spelled.get(CONTENT_TYPES_PART.casefold())
    if types_part is None:
        raise NoPresentationError("The zip is not an Office document.")
    default_types, override_types = _content_types(read(types_part))
    roots = _relationships("", read, spelled)
    main_part = _main_part(roots, default_types, override_types, spelled)
    return Package(
        main_part=main_part,
        kind=_MAIN_KINDS[_content_type(main_part, default_types, override_types).lower()],
        # Relationships are read in the transitional vocabulary, so only the bytes can tell.
        strict=_STRICT_OFFICE_DOCUMENT in read(spelled[rels_part("")]),
        signed=any(rel.type.endswith(_SIGNATURE_TYPE_END) for rel in roots),
        default_types=default_types,
        override_types=override_types,
        _read=read,
        _names=spelled,
        _relationships={"": roots},
    )


def _content_types(blob: bytes) -> tuple[dict[str, str], dict[str, str]]:
    root = parse(blob, CONTENT_TYPES_PART)
    default_types: dict[str, str] = {}
    override_types: dict[str, str] = {}
    for item in root:
        content_type = item.get("ContentType", "")
        if item.tag == CT + "Default":
            default_types[item.get("Extension", "").lower()] = content_type
        elif item.tag == CT + "Override":
            name = unquote(item.get("PartName", "")).lstrip("/").casefold()
            override_types[name] = content_type
    return default_types, override_types


def _content_type(part: str, default_types: dict[str, str], override_types: dict[str, str]) -> str:
    override = override_types.get(part.casefold())
    if override is not None:
        return override
    return default_types.get(part.rpartition(".")[2].lower(), "")


def _main_part(
    roots: tuple[Relationship, ...],
    default_types: dict[str, str],
    override_types: dict[str, str],
    names: dict[str, str],
) -> str:
    """Follow the officeDocument relationship (ECMA-376 Part 1, 13.3.6)."""
    office = [rel for rel in roots if rel.kind == "officeDocument"]
    for rel in office:
        if rel.part is not None:
            content_type = _content_type(rel.part, default_types, override_types)
            if content_type.lower() in _MAIN_KINDS:
                return rel.part
    if any(content_type.lower() in _MAIN_KINDS for content_type in override_types.values()):
        raise MalformedDeckError("The deck does not say where its presentation is.")
    if not office and not any("ppt/presentation" in name for name in names):
        raise NoPresentationError("The zip is not a presentation.")
    raise NoPresentationError("The file is an Office document, but not a deck.")


def _relationships(
    part: str, read: Callable[[str], bytes], names: dict[str, str]
) -> tuple[Relationship, ...]:
    rels = names.get(rels_part(part).casefold())
    if rels is None:
        return ()
    root = parse(read(rels), rels)
    return tuple(
        _relationship(item, part, names) for item in root if item.tag == PR + "Relationship"
    )


def _relationship(item: etree._Element, part: str, names: dict[str, str]) -> Relationship:
    target = item.get("Target", "")
    is_external = item.get("TargetMode", "") == "External"
    return Relationship(
        id=item.get("Id", ""),
        type=item.get("Type", ""),
        target=target,
        is_external=is_external,
        part=None if is_external else _target_part(part, target, names),
    )


def _target_part(part: str, target: str, names: dict[str, str]) -> str | None:
    """Resolve a target against its source (RFC 3986); percent-escapes may or may not be there."""
    # Office takes backslashes for slashes.
    path = target.partition("#")[0].partition("?")[0].replace("\\", "/")
    steps = [] if path.startswith("/") else part.split("/")[:-1]
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in {"", "."}:
            steps.append(step)
    joined = "/".join(steps).casefold()
    return names.get(joined) or (names.get(unquote(joined)) if "%" in joined else None)
