"""Walk a GIF's blocks (GIF89a specification) until its second frame; nothing is decoded."""

import struct

from crispdeck.errors import UnreadablePictureError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.headers.source import ForwardReader
from crispdeck.picture.info import PictureInfo

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL = 0xF9


def inspect_gif(reader: ForwardReader) -> PictureInfo:
    """Measure a GIF: the size is that of its screen, the frames are 1 or 2 (for more)."""
    reader.read(6)
    width, height, flags = struct.unpack("<HHBxx", reader.read(7))
    if not width or not height:
        raise UnreadablePictureError("The GIF has no size.")
    reader.skip(_table_bytes(flags))
    frames, transparent = _walk(reader)
    if not frames:
        raise UnreadablePictureError("The GIF has no picture.")
    return PictureInfo(
        format=PictureFormat.GIF,
        width_px=width,
        height_px=height,
        mode="P",
        has_alpha=transparent,
        frames=frames,
    )


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _walk(reader: ForwardReader) -> tuple[int, bool]:
    """Return the number of frames (at most 2), and if the first has a transparent colour."""
    frames, transparent = 0, False
    while frames < 2:
        head = reader.peek(1)
        # A missing trailer is forgiven: all readers do.
        if not head or head[0] == _TRAILER:
            break
        kind = reader.read(1)[0]
        if kind == _EXTENSION:
            is_control = reader.read(1)[0] == _GRAPHIC_CONTROL
            first = _skip_blocks(reader)
            transparent |= is_control and not frames and bool(first[:1]) and bool(first[0] & 1)
        elif kind == _IMAGE:
            frames += 1
            if frames < 2:
                reader.skip(_table_bytes(reader.read(9)[8]) + 1)
                _skip_blocks(reader)
        else:
            raise UnreadablePictureError("The GIF holds an unknown block.")
    return frames, transparent


def _skip_blocks(reader: ForwardReader) -> bytes:
    """Pass a chain of sub-blocks and return the first one."""
    first: bytes | None = None
    while size := reader.read(1)[0]:
        block = reader.read(size)
        first = block if first is None else first
    return first or b""
