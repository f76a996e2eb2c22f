"""The training pictures, decoded once into memory-mapped files; no cropping, no degrading."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

Kind = Literal["photo", "graphic", "screen"]
Array = NDArray[np.uint8]

DEVICE_SCALES = (1, 2, 4)  # of the browser: as small, ×2 and ×4 of the same layout
INDEX_NAME = "index.json"


@dataclass(frozen=True)
class Entry:
    """Where one picture lies in its part's file: (height, width, 3) uint8 from `offset`."""

    name: str
    kind: Kind
    held_back: bool
    offset: int
    height_px: int
    width_px: int
    part: str = ""


@dataclass(frozen=True)
class Pair:
    """Where one window of a page lies, drawn at each of DEVICE_SCALES, one after another.

    Attributes:
        height_px, width_px: of the window drawn small, at device scale 1.
    """

    name: str
    held_back: bool
    offset: int
    height_px: int
    width_px: int
    part: str = ""


@dataclass
class Part:
    """What one step of building adds: a file of pixels and a table of what is in it."""

    entries: list[Entry] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


class PartWriter:
    """Writes one part: whole, or not at all."""

    def __init__(self, folder: Path, name: str) -> None:
        """Begin the part `name` in `folder`."""
        self._name = name
        self._pixels, self._table = folder / f"{name}.bin", folder / f"{name}.json"
        self._growing = folder / f"{name}.bin.part"
        self._file = self._growing.open("wb")
        self._part = Part()

    def add(self, name: str, kind: Kind, pixels: Array, *, held_back: bool) -> None:
        """Add one picture (H, W, 3)."""
        offset = self._write(pixels)
        self._part.entries.append(
            Entry(name, kind, held_back, offset, pixels.shape[0], pixels.shape[1], self._name)
        )

    def add_pair(self, name: str, levels: tuple[Array, Array, Array], *, held_back: bool) -> None:
        """Add one window, drawn at each of DEVICE_SCALES."""
        height, width = levels[0].shape[:2]
        shapes = [(height * scale, width * scale, 3) for scale in DEVICE_SCALES]
        if [level.shape for level in levels] != shapes:
            raise ValueError(f"{name}: not the same window at all scales")
        offset, *_ = [self._write(level) for level in levels]
        self._part.pairs.append(Pair(name, held_back, offset, height, width, part=self._name))

    def _write(self, pixels: Array) -> int:
        offset = self._file.tell()
        self._file.write(np.ascontiguousarray(pixels).data)
        return offset

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Finish: from now on the part exists; after an error nothing of it does."""
        self._file.close()
        if kind is None:
            self._finish()
        else:
            self._growing.unlink()

    def _finish(self) -> None:
        self._growing.replace(self._pixels)
        part = self._table.with_suffix(".json.part")
        part.write_text(json.dumps(asdict(self._part)))
        part.replace(self._table)


class Corpus:
    """Read-only access to the decoded pictures; parts that are still being made are not seen."""

    def __init__(self, folder: Path) -> None:
        """Open `folder`, as `build_corpus` made it."""
        self.entries: list[Entry] = []
        self.pairs: list[Pair] = []
        self._pixels: dict[str, Array] = {}
        for name in _parts_of(folder):
            content = json.loads((folder / f"{name}.json").read_text())
            self.entries += [Entry(**entry) for entry in content["entries"]]
            self.pairs += [Pair(**pair) for pair in content["pairs"]]
            pixels = folder / f"{name}.bin"
            if pixels.stat().st_size:
                self._pixels[name] = np.memmap(pixels, dtype=np.uint8, mode="r")

    def select(self, kind: Kind, *, held_back: bool) -> list[Entry]:
        """All entries of one kind, for training or for validation."""
        return [e for e in self.entries if e.kind == kind and e.held_back == held_back]

    def pixels(self, entry: Entry) -> Array:
        """View the picture (H, W, 3) in the file."""
        return self._view(entry.part, entry.offset, entry.height_px, entry.width_px)

    def drawn(self, pair: Pair, device_scale: int) -> Array:
        """View the window at one of DEVICE_SCALES: (H × scale, W × scale, 3)."""
        before = sum(scale**2 for scale in DEVICE_SCALES if scale < device_scale)
        offset = pair.offset + before * pair.height_px * pair.width_px * 3
        return self._view(
            pair.part, offset, pair.height_px * device_scale, pair.width_px * device_scale
        )

    def _view(self, part: str, offset: int, height: int, width: int) -> Array:
        flat = self._pixels[part][offset : offset + height * width * 3]
        return flat.reshape(height, width, 3)


def finished_parts(folder: Path) -> list[str]:
    """Name the parts that are there whole."""
    return sorted(table.stem for table in folder.glob("*.json") if table.name != INDEX_NAME)


def _parts_of(folder: Path) -> list[str]:
    """Name the finished parts that the recipe calls for; more may be left of a larger one."""
    index = folder / INDEX_NAME
    wanted = json.loads(index.read_text()).get("parts") if index.exists() else None
    finished = finished_parts(folder)
    return finished if wanted is None else [name for name in wanted if name in set(finished)]
