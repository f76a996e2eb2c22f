"""File names of decks: which suffixes are decks, their media types, what results are called."""

from pathlib import PurePosixPath

_PML = "application/vnd.openxmlformats-officedocument.presentationml"
_MACRO = "application/vnd.ms-powerpoint"

DECK_TYPES = {
    ".pptx": f"{_PML}.presentation",
    ".pptm": f"{_MACRO}.presentation.macroEnabled.12",
    ".potx": f"{_PML}.template",
    ".potm": f"{_MACRO}.template.macroEnabled.12",
    ".ppsx": f"{_PML}.slideshow",
    ".ppsm": f"{_MACRO}.slideshow.macroEnabled.12",
}
"""The media type by suffix, as registered with IANA; the only list of what counts as a deck."""

DECK_SUFFIXES = frozenset(DECK_TYPES)

CRISP = ".crisp"
"""Stands before the suffix of a deck that Crispdeck wrote: talk.crisp.pptx."""

REVERTED = ".reverted"
"""Stands before the suffix of a deck that got its original pictures back."""


def deck_type(name: str) -> str:
    """Return the media type for a deck's name; that of .pptx where the name says nothing."""
    return DECK_TYPES.get(PurePosixPath(name).suffix.lower(), DECK_TYPES[".pptx"])


def crisp_name(name: str) -> str:
    """Name what was made from a file: talk.pptx → talk.crisp.pptx."""
    path = PurePosixPath(name)
    return f"{path.stem}{CRISP}{path.suffix or '.pptx'}"


def suffixes_in_words(last: str = "and") -> str:
    """List the suffixes for people: ".pptx, .pptm, … and .ppsm"."""
    *most, end = DECK_TYPES
    return f"{', '.join(most)} {last} {end}"
