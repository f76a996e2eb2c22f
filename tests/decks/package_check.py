"""Check a deck as a package, independently of the code under test: zipfile and lxml only."""

import io
import posixpath
import zipfile
from collections import Counter
from urllib.parse import unquote

from lxml import etree

_MAGIC: dict[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF8",),
    "image/bmp": (b"BM",),
    "image/tiff": (b"II*\0", b"MM\0*"),
}
_MISSPELT = {"image/jpg": "image/jpeg", "image/.jpg": "image/jpeg", "image/x-png": "image/png"}


def package_problems(deck: bytes) -> list[str]:
    """Return what PowerPoint would want to repair: [] for a sound package."""
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        damaged = archive.testzip()
        parts = {name: archive.read(name) for name in names}
    problems = [f"damaged: {damaged}"] if damaged else []
    counted = Counter(name.casefold() for name in names)
    problems += [f"two entries: {name}" for name, count in counted.items() if count > 1]
    problems += _type_problems(parts)
    for name, blob in parts.items():
        if name.endswith(".rels"):
            problems += _relationship_problems(name, blob, parts)
    return problems


def content_types(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the declared content type of every part ("" for none)."""
    root = etree.fromstring(parts["[Content_Types].xml"])
    items = [(etree.QName(item).localname, item.attrib) for item in root.iterchildren("*")]
    defaults = {a["Extension"].lower(): a["ContentType"] for tag, a in items if tag == "Default"}
    overrides = {
        unquote(a["PartName"]).lstrip("/").casefold(): a["ContentType"]
        for tag, a in items
        if tag == "Override"
    }
    return {
        name: overrides.get(name.casefold(), defaults.get(name.rpartition(".")[2].lower(), ""))
        for name in parts
        if name != "[Content_Types].xml"
    }


def _type_problems(parts: dict[str, bytes]) -> list[str]:
    problems: list[str] = []
    root = etree.fromstring(parts["[Content_Types].xml"])
    keys = [item.get("Extension", item.get("PartName", "")) for item in root.iterchildren("*")]
    counted = Counter(str(key).casefold() for key in keys)
    problems += [f"declared twice: {key}" for key, count in counted.items() if count > 1]
    for name, content_type in content_types(parts).items():
        if not content_type:
            problems.append(f"no content type: {name}")
        magic = _MAGIC.get(_MISSPELT.get(content_type.lower(), content_type.lower()))
        if magic and not parts[name].startswith(magic):
            problems.append(f"{content_type} is not in {name}")
    return problems


def _relationship_problems(name: str, blob: bytes, parts: dict[str, bytes]) -> list[str]:
    spelled = {part.casefold() for part in parts}
    folder, file_name = posixpath.split(name)
    page_folder = posixpath.dirname(folder)
    page = posixpath.join(page_folder, file_name.removesuffix(".rels"))
    problems: list[str] = []
    ids: Counter[str] = Counter()
    for item in etree.fromstring(blob).iterchildren("*"):
        ids[str(item.get("Id"))] += 1
        target = str(item.get("Target"))
        path = unquote(target).partition("#")[0].replace("\\", "/")
        full = posixpath.normpath(posixpath.join("/", page_folder, path)).lstrip("/")
        if item.get("TargetMode") != "External" and full.casefold() not in spelled:
            problems.append(f"{name} points to nothing: {target}")
    problems += [f"{name} has {one} twice" for one, count in ids.items() if count > 1]
    if page in parts and page.endswith(".xml"):
        problems += [
            f"{page} names no relationship {one}" for one in _named(parts[page]) - ids.keys()
        ]
    return problems


def _named(page: bytes) -> set[str]:
    """Return the relationship ids that a page's attributes name."""
    return {
        str(value)
        for element in etree.fromstring(page).iter("*")
        for key, value in element.attrib.items()
        if "relationships}" in str(key) and value
    }
