"""What a rewrite of a deck did, for reports and for undoing it; plain values."""

import hashlib
from dataclasses import dataclass

from crispdeck.deck.model import Reason
from crispdeck.deck.zip.raw import Content, Packed


@dataclass(frozen=True, kw_only=True)
class SwappedPart:
    """One picture that was written."""

    part: str
    new_part: str
    """Another name after a change of format, or where a copy was made."""
    bytes_before: int
    bytes_after: int
    copied: bool
    """True when the old part stays for uses that must not change."""
    new_sha256: str
    """Of the new bytes: the key under which the original is kept."""


@dataclass(frozen=True, kw_only=True)
class SwapResult:
    """What a swap did."""

    swapped: tuple[SwappedPart, ...]
    left: tuple[tuple[str, Reason], ...]
    bytes_before: int
    """Bytes of the whole deck."""
    bytes_after: int


class TrackedContent:
    """A part's new bytes, measured when they are written."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.size_bytes = 0
        self.sha256 = ""

    def __call__(self) -> bytes | Packed:
        """Load the bytes."""
        content = self._content()
        blob = content.unpack() if isinstance(content, Packed) else content
        self.size_bytes = len(blob)
        self.sha256 = hashlib.sha256(blob).hexdigest()
        return content
