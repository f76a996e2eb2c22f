"""Take JPEG files apart: what the decoder needs, the colour profile, the quality; no pixels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crispdeck.errors import UnreadablePictureError

_APP0, _APP2, _APP14, _APP15, _COM = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE  # ITU-T T.81, table B.1
_SOS, _EOI = 0xDA, 0xD9  # the same: start of scan, end of image
_PROGRESSIVE = {0xC2, 0xCA}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_ICC_PREFIX = b"ICC_PROFILE\0"

_LUMINANCE_SUM = 3688
"""Sum of the table that libjpeg scales for brightness (ITU-T T.81, table K.1)."""


MAX_SCANS = 100
"""libjpeg's own progressions have 10; encoders that search for small ones (mozjpeg) up to 64."""


@dataclass(frozen=True)
class JpegParts:
    """A JPEG without its metadata.

    Attributes:
        bare: a whole file of the segments that decoding needs, Adobe's colour note included.
        icc: the colour profile, joined; None where there is none or a piece is missing.
        has_adobe: Adobe's note is there: four-colour pictures are stored inverted then.
        has_end: the end marker is there.
    """

    bare: bytes
    icc: bytes | None
    has_adobe: bool
    has_end: bool


def take_apart(blob: bytes) -> JpegParts:
    """Split a JPEG.

    Raises:
        UnreadablePictureError: the file ends before its first scan.
    """
    kept = [b"\xff\xd8"]
    icc_pieces: dict[int, tuple[int, bytes]] = {}
    has_adobe, at = False, 2
    while True:
        marker, at = _next_marker(blob, at)
        # Behind it lie entropy-coded pixels, whose 0xFF bytes are no markers: all is kept.
        if marker == _SOS:
            kept.append(blob[at - 2 :])
            has_end = blob.find(b"\xff\xd9", at) >= 0
            return JpegParts(b"".join(kept), _join(icc_pieces), has_adobe, has_end)
        if marker in _WITHOUT_LENGTH:
            continue
        # A length below 2 would stand still, or go back, for ever.
        end = at + max(2, int.from_bytes(blob[at : at + 2]))
        data = blob[at + 2 : end]
        if marker == _APP2 and data.startswith(_ICC_PREFIX) and len(data) > 14:
            icc_pieces[data[12]] = (data[13], data[14:])
        has_adobe |= marker == _APP14 and data.startswith(b"Adobe")
        if _decoder_needs(marker, data):
            kept.append(bytes((0xFF, marker)) + blob[at:end])
        at = end


def check_scans(bare: bytes) -> None:
    """Refuse a JPEG of far more scans than any encoder writes: each one costs a pass over it all.

    Behind the first scan the marker is in no data: there 0xFF is followed by 0 (T.81, B.1.1.5).

    Raises:
        UnreadablePictureError: it has more than MAX_SCANS.
    """
    if bare.count(b"\xff\xda") > MAX_SCANS:
        raise UnreadablePictureError(f"The JPEG has more than {MAX_SCANS} scans.")


def has_all_scans(blob: bytes) -> bool:
    """Tell whether a JPEG without its end marker has all its scans, the last one perhaps cut.

    A progressive one (ITU-T T.81, annex G) has them when each coefficient of each component got
    its last bit.
    """
    marker = progressive = 0
    components: list[int] = []
    final: set[tuple[int, int]] = set()
    at = 2
    while 0 <= at < len(blob) - 1:
        code = blob[at + 1]
        # A stuffed byte, a fill byte or a restart: within a scan.
        if code in {0, 0xFF} or code in _WITHOUT_LENGTH:
            at = blob.find(b"\xff", at + (1 if code == 0xFF else 2))
            continue
        marker, end = code, at + 2 + int.from_bytes(blob[at + 2 : at + 4])
        if end > len(blob):
            return False
        data = blob[at + 4 : end]
        if code in _PROGRESSIVE:
            progressive, components = code, [data[6 + 3 * n] for n in range(data[5])]
        elif code == _SOS and progressive:
            final.update(_finished(data))
        at = blob.find(b"\xff", end)
    wanted = {(one, number) for one in components for number in range(64)}
    return marker == _SOS and wanted <= final


def _finished(scan: bytes) -> Iterator[tuple[int, int]]:
    """Yield component and number of each coefficient whose last bit a scan holds."""
    count = scan[0]
    first, last, bits = scan[1 + 2 * count : 4 + 2 * count]
    # The low nibble is the bit that this scan ends with (Al); at 0 the coefficients are complete.
    if bits & 15 == 0:
        for one in range(count):
            for number in range(first, last + 1):
                yield scan[1 + 2 * one], number


def without_adobe(blob: bytes) -> bytes:
    """Return a JPEG that was just written (JFIF or nothing in front) without Adobe's note."""
    at = 2
    while blob[at + 1] != _SOS:
        end = at + 2 + int.from_bytes(blob[at + 2 : at + 4])
        if blob[at + 1] == _APP14:
            return blob[:at] + blob[end:]
        at = end
    return blob


def insert_behind_jfif(blob: bytes, segments: bytes) -> bytes:
    """Put whole segments where EXIF has its place: first, but for the JFIF segment."""
    at = 4 + int.from_bytes(blob[4:6]) if blob[3] == _APP0 else 2
    return blob[:at] + segments + blob[at:]


def _decoder_needs(marker: int, data: bytes) -> bool:
    """JFIF and Adobe notes decide the colour space; all other notes are for people."""
    if marker == _APP0:
        return data.startswith(b"JFIF\0")
    if marker == _APP14:
        return data.startswith(b"Adobe")
    return not (_APP0 <= marker <= _APP15 or marker == _COM)


def _next_marker(blob: bytes, at: int) -> tuple[int, int]:
    """Return the next marker at or behind `at`, and where its segment starts."""
    at = blob.find(b"\xff", at)
    while at >= 0 and blob[at + 1 : at + 2] == b"\xff":
        at += 1
    if at < 0 or at + 4 > len(blob) or blob[at + 1] == _EOI:
        raise UnreadablePictureError("The JPEG ends before its pixels.")
    return blob[at + 1], at + 2


def _join(pieces: dict[int, tuple[int, bytes]]) -> bytes | None:
    """Put an ICC profile together from numbered pieces (ICC.1, annex B.4)."""
    # A profile with a piece missing says wrong colours; none at all says sRGB.
    if not pieces or any(total != len(pieces) for total, _ in pieces.values()):
        return None
    return b"".join(pieces[number][1] for number in sorted(pieces))


def quality_of(luminance_table: Sequence[int]) -> int:
    """Estimate the libjpeg quality (1 to 100) that a brightness table was made with.

    libjpeg scales its table by 5000 / q below 50 and by 200 - 2q from there on (jcparam.c); the
    sum of the table gives the scale back, closely enough also for tables of other programs.
    """
    # By the sum and not by single steps: programs round and clip them differently.
    percent = max(1.0, sum(luminance_table) * 100 / _LUMINANCE_SUM)
    if sum(luminance_table) <= 64:
        return 100
    quality = 5000 / percent if percent > 100 else (200 - percent) / 2
    return max(1, min(100, round(quality)))
