"""Looking at what strangers sent: through decks, at slides and pictures; here, or confined.

Workers look in their own process, which has limits of its own and does one thing at a time. A web
server answers everybody at once, so it lets confined processes look (crispdeck.services.confined)
and keeps what they drew.
"""

import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, BinaryIO, cast

from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import DeckArchive, DeckLimits
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_from_json, scan_to_json
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import DeckTooLargeError, PictureTooLargeError
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.inspect import inspect
from crispdeck.report.build import Enhancement
from crispdeck.services.confined import Cost, Pool
from crispdeck.services.confined.tasks import TASKS, info_from_json, result_to_json
from crispdeck.services.preview_cache import PreviewCache
from crispdeck.settings import Settings

SCAN = Cost(
    cpu_s=15.0,  # the scan gives up by itself after MAX_SCAN_S; this meets a decoder that does not
    over=DeckTooLargeError,
    words="The deck takes far more time or memory to read than any real one.",
)
SLIDE = Cost(
    cpu_s=15.0,
    over=DeckTooLargeError,
    words="The slide takes far more time or memory to draw than any real one.",
)
PICTURE = Cost(
    cpu_s=8.0,  # the largest real pictures, 64 megapixels as PNG, take two
    over=PictureTooLargeError,
    words="The picture takes more time or memory to decode than is given for a small one of it.",
)
MEASURE = Cost(
    cpu_s=4.0,  # the largest drawing taken, 64 MB of records or of comments in an SVG, takes two
    over=PictureTooLargeError,
    words="The picture takes far more time or memory to be looked through than any real one.",
)
REPORT = Cost(
    cpu_s=120.0,  # 150 pictures, before and after, at the largest sizes taken
    over=DeckTooLargeError,
    words="The report takes more time or memory than is given for one; ask for it as JSON.",
    heavy=True,
    file_bytes=1 << 30,
)


HEADERS_ALONE = {
    *(PictureFormat.PNG, PictureFormat.JPEG, PictureFormat.GIF, PictureFormat.BMP),
    *(PictureFormat.TIFF, PictureFormat.WEBP, PictureFormat.UNKNOWN),
}
"""What our own code measures, from a few bytes that it reads forwards."""

FULL_BYTES = 16_000_000
"""Of a full likeness's pictures together; those beyond are small copies. As base64, in the tree and
written out, they stay within what a confined process may have."""


class Detail(StrEnum):
    """How much of its pictures a likeness of a slide holds."""

    SMALL = "small"
    """Small copies: for lists of slides."""
    FULL = "full"
    """The deck's own bytes where a browser can show them: for the comparison."""


Opened = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens a file."""


@dataclass(frozen=True)
class AdmittedDeck:
    """What is known of a deck that has passed the gate."""

    scan_json: dict[str, Any]
    brief: dict[str, Any]
    sha256: str
    size_bytes: int


class UntrustedFiles:
    """Opens decks and pictures of strangers, here or in confined processes.

    Args:
        settings: the limits of decks and pictures.
        pool: the processes that look; None: this one does.
        kept: small pictures and slides that were made already; None: nothing is kept.
    """

    def __init__(
        self, settings: Settings, pool: Pool | None = None, kept: PreviewCache | None = None
    ) -> None:
        self._limits = asdict(DeckLimits.of(settings))
        self._max_px = settings.max_output_px
        self._pool = pool
        self._kept = kept

    def scan(self, deck: DeckArchive, options: ScanOptions, *, whose: str) -> DeckScan:
        """Scan an open deck; see crispdeck.deck.scan.scan."""
        if self._pool is None:
            return scan(deck, options)
        found = self._admitted(deck.file, options, whose=whose, allow_signed=True, digest=False)
        return scan_from_json(found["scan"])

    def admit(
        self, file: BinaryIO, options: ScanOptions, *, whose: str, allow_signed: bool
    ) -> AdmittedDeck:
        """Pass a deck through the gate and scan it.

        Raises:
            DeckRefusedError: not a deck, or one that may not be touched.
        """
        found = self._admitted(file, options, whose=whose, allow_signed=allow_signed, digest=True)
        return AdmittedDeck(found["scan"], found["brief"], found["sha256"], found["size_bytes"])

    def _admitted(
        self,
        file: BinaryIO,
        options: ScanOptions,
        *,
        whose: str,
        allow_signed: bool,
        digest: bool,
    ) -> dict[str, Any]:
        values = {
            "limits": self._limits,
            "options": asdict(options),
            "allow_signed": allow_signed,
            "digest": digest,
        }
        with _descriptor(file) as fd:
            found, _blob = self._run("admit", values, SCAN, whose, (fd,))
        return cast("dict[str, Any]", found)

    def _run(
        self,
        name: str,
        values: Mapping[str, Any],
        cost: Cost,
        whose: str,
        files: tuple[int, ...] = (),
        blob: bytes = b"",
    ) -> tuple[Any, bytes]:
        if self._pool is None:
            return TASKS[name](values, blob, list(files))
        return self._pool.run(name, values, cost=cost, whose=whose, files=files, blob=blob)

    def slide(
        self,
        key: str,
        opened: Opened,
        number: int,
        *,
        whose: str,
        detail: Detail = Detail.SMALL,
    ) -> bytes:
        """Return the likeness of a slide as SVG.

        Args:
            key: of the deck's object: what is drawn is kept under it.
            opened: opens the deck's file where nothing is kept.
            number: of the slide, from 1.
            whose: the tenant.
            detail: how much of its pictures it holds.

        Raises:
            NotFoundError: the deck has no such slide.
            DeckRefusedError: it cannot be drawn.
        """

        def make() -> bytes:
            values = {
                "limits": self._limits,
                "number": number,
                "max_px": self._max_px,
                "full_bytes": FULL_BYTES if detail is Detail.FULL else 0,
            }
            return self._with_files("draw", values, SLIDE, whose, opened)

        return self._keep(f"{key} slide {number} {detail}", make)

    def inspect(self, blob: bytes, *, whose: str) -> PictureInfo:
        """Measure a picture; see crispdeck.picture.inspect.inspect.

        Headers of a few bytes are read here. A drawing has to be searched through, and AVIF, HEIC
        and JPEG 2000 are opened by their decoders: both is done where it can do no harm.

        Raises:
            PictureRefusedError: as `inspect`, and where it takes too much time or memory.
        """
        if sniff(blob[:SNIFF_BYTES]) in HEADERS_ALONE:
            return inspect(blob)
        found, _blob = self._run("measure", {}, MEASURE, whose, blob=blob)
        return info_from_json(found)

    def part_small(
        self, key: str, opened: Opened, part: str, *, max_side_px: int, whose: str
    ) -> bytes:
        """Return a small PNG of a deck's picture. Raises PictureRefusedError."""
        return self._small(f"{key} {part}", opened, part, max_side_px, whose)

    def file_small(self, key: str, opened: Opened, *, max_side_px: int, whose: str) -> bytes:
        """Return a small PNG of a picture in a file. Raises PictureRefusedError."""
        return self._small(key, opened, None, max_side_px, whose)

    def _small(
        self, key: str, opened: Opened, part: str | None, max_side_px: int, whose: str
    ) -> bytes:
        def make() -> bytes:
            values = {
                "limits": self._limits,
                "part": part,
                "max_side_px": max_side_px,
                "max_px": self._max_px,
            }
            return self._with_files("make_small", values, PICTURE, whose, opened)

        return self._keep(f"{key} at {max_side_px}", make)

    def _keep(self, name: str, make: Callable[[], bytes]) -> bytes:
        return make() if self._kept is None else self._kept.get(name, make)

    def _with_files(
        self, name: str, values: Mapping[str, Any], cost: Cost, whose: str, opened: Opened
    ) -> bytes:
        with ExitStack() as stack:
            fd = stack.enter_context(_descriptor(stack.enter_context(opened())))
            return self._run(name, values, cost, whose, (fd,))[1]

    def report(self, name: str, work: Enhancement, kind: str, *, whose: str) -> BinaryIO:
        """Write a report; the file stands at its start and is closed by whoever gets it."""
        values = {
            "limits": self._limits,
            "name": name,
            "scan": scan_to_json(work.scan),
            "result": result_to_json(work.result),
            "upscales": dict(work.upscales),
            "kind": kind,
        }
        with ExitStack() as stack:
            out = stack.enter_context(tempfile.TemporaryFile())
            before = stack.enter_context(_descriptor(work.original.file))
            after = stack.enter_context(_descriptor(work.enhanced.file))
            files = (before, after, out.fileno())
            self._run("report", values, REPORT, whose, files)
            stack.pop_all().pop_all()
        out.seek(0)
        return cast("BinaryIO", out)


@contextmanager
def _descriptor(file: BinaryIO) -> Iterator[int]:
    """Give the descriptor of a file; of one that is only in memory, that of a copy."""
    try:
        fd = file.fileno()
    except (io.UnsupportedOperation, AttributeError, OSError):
        with tempfile.TemporaryFile() as copy:
            file.seek(0)
            while chunk := file.read(1 << 18):
                copy.write(chunk)
            copy.flush()
            yield copy.fileno()
        return
    file.flush()
    yield fd
