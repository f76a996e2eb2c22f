"""Writes the validation set: each motif ×2 and ×4, clean, drawn small, and as the web leaves it.

The manifest lists every pair of files; see docs/training-data.md.
"""

import io
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

from crispdeck.picture.reading import decode
from worker.lab.validation.motifs import Motif, png

VERSION = 1  # of the manifest's layout
MANIFEST_NAME = "manifest.json"
MAX_PX = 1 << 24  # pixels of one picture; far above the set's, a guard of `decode`

Regime = Literal["clean", "rendered", "web"]
# What the web does: mostly JPEG of quality 75, the default of most programs.
WEB = ("jpeg 75", "jpeg 75", "jpeg 75", "jpeg 60", "jpeg 90", "jpeg twice", "palette", "webp")


@dataclass(frozen=True)
class Entry:
    """One small file and its truth; paths are relative to the folder of the manifest.

    Attributes:
        kind: written as "class".
        compression: of the small file, as its decoder knows it.
        words: what can be read on it; None where that is not known.
    """

    name: str
    kind: str
    scale: int
    regime: Regime
    small: str
    sharp: str
    compression: float
    words: tuple[str, ...] | None


def make_set(folder: Path, motifs: Iterable[Motif], recipe: dict[str, object], seed: int) -> int:
    """Write the pictures and, last, the manifest; returns how many pairs there are."""
    for name in ("small", "sharp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    # Without a manifest there is no set: a half-made one is never measured on.
    manifest = folder / MANIFEST_NAME
    manifest.unlink(missing_ok=True)
    entries = [entry for motif in motifs for entry in _write(folder, motif, seed)]
    for path in [*(folder / "small").iterdir(), *(folder / "sharp").iterdir()]:
        kept = {entry.small for entry in entries} | {entry.sharp for entry in entries}
        if path.relative_to(folder).as_posix() not in kept:
            path.unlink()
    content = {"version": VERSION, "recipe": recipe, "pictures": [_as_json(e) for e in entries]}
    part = manifest.with_suffix(".json.part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(manifest)
    return len(entries)


def _as_json(entry: Entry) -> dict[str, object]:
    content = asdict(entry)
    content["class"] = content.pop("kind")
    if entry.words is None:
        del content["words"]
    return content


def _write(folder: Path, motif: Motif, seed: int) -> Iterator[Entry]:
    for scale, truth in motif.truths.items():
        stem = f"{motif.name}-x{scale}"
        sharp = _put(folder, f"sharp/{stem}.png", png(truth))
        small = truth.resize(
            (truth.width // scale, truth.height // scale), Image.Resampling.BICUBIC
        )
        yield _entry(folder, motif, scale, "clean", png(small), sharp)
        drawn = motif.drawn.get(scale)
        if drawn is not None:
            yield _entry(folder, motif, scale, "rendered", png(drawn), sharp)
        rng = random.Random(f"web {seed} {stem}")  # noqa: S311
        # A JPEG has no alpha: whoever saved it laid it on white, and that is its truth.
        if truth.mode == "RGBA":
            sharp = _put(folder, f"sharp/{stem}-white.png", png(on_white(truth)))
        before = on_white(drawn if drawn is not None and rng.random() < 0.5 else small)
        yield _entry(folder, motif, scale, "web", web_file(before, rng.choice(WEB)), sharp)


def _put(folder: Path, name: str, blob: bytes) -> str:
    (folder / name).write_bytes(blob)
    return name


def _entry(
    folder: Path, motif: Motif, scale: int, regime: Regime, small: bytes, sharp: str
) -> Entry:
    decoded = decode(small, max_px=MAX_PX)
    name = f"{motif.name}-x{scale}-{regime}"
    path = _put(folder, f"small/{name}.{decoded.info.format.value.replace('jpeg', 'jpg')}", small)
    return Entry(
        name, motif.kind, scale, regime, path, sharp, round(decoded.compression, 4), motif.words
    )


def on_white(picture: Image.Image) -> Image.Image:
    """Lay what is clear on white."""
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def web_file(picture: Image.Image, way: str) -> bytes:
    """Save in one of the ways of WEB."""
    if way == "jpeg twice":
        picture = Image.open(io.BytesIO(web_file(picture, "jpeg 75")))
        return web_file(picture, "jpeg 90")
    file = io.BytesIO()
    if way == "palette":
        picture.quantize(64).save(file, "PNG")
    elif way == "webp":
        picture.save(file, "WEBP", quality=75)
    else:
        picture.save(file, "JPEG", quality=int(way.split()[1]))
    return file.getvalue()
