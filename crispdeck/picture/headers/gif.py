"""Walk a GIF's blocks (GIF89a specification) until its second frame; nothing is decoded."""

import struct
from dataclasses import dataclass

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B  # GIF89a, appendix A: first byte of a block
_GRAPHIC_CONTROL = 0xF9  # GIF89a, 23: label of the extension that names a clear colour


@dataclass(frozen=True)
class GifLayout:
    """Where a GIF's first frame lies on its screen.

    Attributes:
        width_px: of what is shown: the screen, or as far as a frame reaches beyond it.
        frame: left, top, right and bottom of the first frame.
        frames: 1, or 2 for more.
        is_tidy: its blocks follow each other, and the trailer the last one.
    """

    width_px: int
    height_px: int
    frame: tuple[int, int, int, int]
    frames: int
    has_clear_colour: bool
    is_tidy: bool

    @property
    def is_covered(self) -> bool:
        """True when the frame covers all that is shown."""
        return self.frame == (0, 0, self.width_px, self.height_px)


def read_layout(reader: ForwardReader) -> GifLayout:
    """Walk a GIF up to its second frame.

    A screen without a size takes that of the frame, and one that is too small grows, as browsers
    have it. Stray bytes before the frame are passed; behind it they end the file.
    """
    reader.read(6)
    width, height, flags = struct.unpack("<HHBxx", reader.read(7))
    reader.skip(_table_bytes(flags))
    frames, frame, is_clear, is_tidy = _walk(reader)
    if frame is None:
        raise UnreadablePictureError("The GIF has no picture.")
    left, top, across, down = frame
    if not across or not down:
        raise UnreadablePictureError("The GIF has no size.")
    right, bottom = left + across, top + down
    return GifLayout(
        max(width, right),
        max(height, bottom),
        (left, top, right, bottom),
        frames,
        is_clear,
        is_tidy,
    )


def inspect_gif(reader: ForwardReader) -> PictureInfo:
    """Measure a GIF: what its frame does not cover is clear; the frames are 1 or 2 (for more)."""
    layout = read_layout(reader)
    return PictureInfo(
        format=PictureFormat.GIF,
        width_px=layout.width_px,
        height_px=layout.height_px,
        mode="P",
        has_alpha=layout.has_clear_colour or not layout.is_covered,
        frames=layout.frames,
    )


def with_screen(blob: bytes, layout: GifLayout) -> bytes:
    """Return the GIF with a screen as large as what is shown, in which no decoder finds fault."""
    return blob[:6] + struct.pack("<HH", layout.width_px, layout.height_px) + blob[10:]


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _walk(reader: ForwardReader) -> tuple[int, tuple[int, int, int, int] | None, bool, bool]:
    """Return the number of frames (at most 2), the first one's place, and if it has a clear colour.

    The place is left, top, width and height. Last comes whether nothing stood between the blocks.
    """
    frames, transparent, tidy = 0, False, True
    frame: tuple[int, int, int, int] | None = None
    while frames < 2:
        head = reader.peek(1)
        # A missing trailer is forgiven: all readers do.
        if not head or head[0] == _TRAILER:
            tidy &= bool(head)
            break
        kind = reader.read(1)[0]
        if kind == _EXTENSION:
            is_control = reader.read(1)[0] == _GRAPHIC_CONTROL
            first = _skip_blocks(reader)
            transparent |= is_control and not frames and bool(first[:1]) and bool(first[0] & 1)
        elif kind == _IMAGE:
            frames += 1
            if frames < 2:
                *place, flags = struct.unpack("<4HB", reader.read(9))
                frame = place[0], place[1], place[2], place[3]
                reader.skip(_table_bytes(flags) + 1)
                _skip_blocks(reader)
        else:
            tidy = False
            if frames:
                break
    return frames, frame, transparent, tidy


def _skip_blocks(reader: ForwardReader) -> bytes:
    """Pass a chain of sub-blocks and return the first one."""
    first: bytes | None = None
    while size := reader.read(1)[0]:
        block = reader.read(size)
        first = block if first is None else first
    return first or b""
