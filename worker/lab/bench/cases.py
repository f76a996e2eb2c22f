"""What is measured: a small picture, the truth it came from, and the sets of these.

Four sets: the classic test pictures, flat pictures out of real talks, the guard set, and the
project's own validation set. In the first three the small pictures are made here, by Pillow's
bicubic, and kept either clean (PNG) or as the web leaves them (JPEG of quality 75, 4:2:0).
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from PIL import Image

from crispdeck.errors import BadInputError
from worker.lab.bench.deck_pictures import flat_pictures
from worker.lab.bench.guard import guard_truths
from worker.lab.bench.methods import SCALES, Small
from worker.lab.metrics import Picture

Regime = Literal["clean", "rendered", "jpeg75", "web"]
CLASSIC = ("Set5", "Set14", "BSD100")
GUARD = "guard"
FLAT_CLASSES = frozenset({"text", "ui", "code", "table", "diagram", "chart", "logo", "deck"})
SMALLEST_SMALL_PX = 16  # side; a smaller truth is left out, since its borders are all there is
JPEG_QUALITY = 75  # libjpeg's and Pillow's default
Item = TypeVar("Item")
_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})


@dataclass(frozen=True, eq=False)
class Case:
    """One small picture and its truth.

    Attributes:
        set: its set: "Set5", "decks", "validation" …
        group: the class of picture within it, or the set again.
        reads: whether its words are to be read.
        truth: (scale · H, scale · W, 3).
    """

    set: str
    group: str
    name: str
    regime: str
    scale: int
    reads: bool
    small: Small = field(repr=False)
    truth: Picture = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """Names the two pictures by what they hold."""
        content = hashlib.sha256(self.small.blob)
        content.update(f"{self.truth.shape}".encode())
        content.update(self.truth.tobytes())
        return content.hexdigest()[:24]


def shrink(truth: Picture, scale: int, regime: Literal["clean", "jpeg75"]) -> Small:
    """Make a small picture of a large one whose sides are multiples of `scale`."""
    whole = Image.fromarray(truth)
    size = whole.width // scale, whole.height // scale
    small, out = whole.resize(size, Image.Resampling.BICUBIC), io.BytesIO()
    if regime == "clean":
        small.save(out, "PNG")
    else:
        small.save(out, "JPEG", quality=JPEG_QUALITY)
    return Small(out.getvalue())


def degraded_cases(
    name: str,
    truths: Iterable[tuple[str, Picture]],
    *,
    scales: Iterable[int] = SCALES,
    reads: bool = False,
) -> Iterator[Case]:
    """Yield every truth small by each scale, clean and as JPEG."""
    for title, truth in truths:
        for scale in scales:
            whole = cut_to_multiple(truth, scale)
            if min(whole.shape[:2]) < SMALLEST_SMALL_PX * scale:
                continue
            for regime in ("clean", "jpeg75"):
                small = shrink(whole, scale, regime)
                yield Case(name, name, title, regime, scale, reads, small, whole)


def cut_to_multiple(picture: Picture, scale: int) -> Picture:
    """Cut the right and lower border so that both sides are multiples of `scale`."""
    height_px, width_px = (side // scale * scale for side in picture.shape[:2])
    return np.ascontiguousarray(picture[:height_px, :width_px])


def folder_truths(folder: Path, limit: int | None = None) -> Iterator[tuple[str, Picture]]:
    """Yield the pictures of a folder by name; of more than `limit`, every n-th."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    for path in every_nth(paths, limit):
        with Image.open(path) as file:
            yield path.stem, np.asarray(on_white(file))


def classic_cases(
    folder: Path, scales: Iterable[int] = SCALES, limit: int | None = None
) -> Iterator[Case]:
    """Yield Set5, Set14 and BSD100, as far as `folder` has them."""
    for name in CLASSIC:
        if (folder / name).is_dir():
            yield from degraded_cases(name, folder_truths(folder / name, limit), scales=scales)


def guard_cases(train: Path, scales: Iterable[int], limit: int | None) -> Iterator[Case]:
    """Yield the guard set, at most `limit` of each class, where `train` has photographs."""
    if not (train / "photos").is_dir():
        return
    met: Counter[str] = Counter()
    for kind, name, truth in guard_truths(train):
        met[kind] += 1
        if limit is None or met[kind] <= limit:
            for case in degraded_cases(GUARD, [(name, truth)], scales=scales):
                yield replace(case, group=kind)


def data_cases(data: Path, scales: Iterable[int], limit: int | None) -> Iterator[Case]:
    """Yield the classic sets, the guard set and the flat pictures of the talks.

    As far as `data` has them.
    """
    yield from guard_cases(data / "train", scales, limit)
    yield from classic_cases(data / "test", scales, limit)
    talks = data / "decks" / "talks"
    if talks.is_dir():
        flats = every_nth(flat_pictures(talks), limit)
        yield from degraded_cases("decks", flats, scales=scales, reads=True)


def validation_cases(folder: Path, scales: Iterable[int], limit: int | None) -> Iterator[Case]:
    """Yield the pairs of the validation set; `limit` is per class, scale and regime.

    Raises:
        BadInputError: there is no manifest, or it is of an unknown version.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInputError(f"{folder} holds no validation set: {error}.") from error
    if manifest.get("version") != 1:
        raise BadInputError(f"{folder} holds a validation set of an unknown version.")
    wanted = set(scales)
    kinds: dict[tuple[str, int, str], list[dict[str, str]]] = {}
    for entry in manifest["pictures"]:
        if entry["scale"] in wanted:
            kind = entry["class"], entry["scale"], entry["regime"]
            kinds.setdefault(kind, []).append(entry)
    for (group, scale, regime), entries in kinds.items():
        for entry in every_nth(entries, limit):
            with Image.open(folder / entry["sharp"]) as file:
                truth = np.asarray(on_white(file))
            yield Case(
                set="validation",
                group=group,
                name=entry["name"],
                regime=regime,
                scale=scale,
                reads=group in FLAT_CLASSES,
                small=without_alpha((folder / entry["small"]).read_bytes()),
                truth=truth,
            )


def every_nth(items: list[Item], limit: int | None) -> list[Item]:
    """Return at most `limit` of them, spread over all."""
    if limit is None or len(items) <= limit:
        return items
    return [items[index * len(items) // limit] for index in range(limit)]


def without_alpha(blob: bytes) -> Small:
    """Lay what is clear on white: peers know no alpha, and all are to see the same."""
    with Image.open(io.BytesIO(blob)) as file:
        if not file.has_transparency_data:
            return Small(blob)
        flat, out = on_white(file), io.BytesIO()
    flat.save(out, "PNG")
    return Small(out.getvalue())


def on_white(file: Image.Image) -> Image.Image:
    """Lay what is clear on white."""
    if not file.has_transparency_data:
        return file.convert("RGB")
    picture = file.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")
