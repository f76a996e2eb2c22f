"""Every format × mode × depth × alpha that Pillow, ImageMagick and LibreOffice write, as files."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, features

from crispdeck.picture.png_file import write_png16

WIDTH_PX, HEIGHT_PX = 61, 43
"""Odd, so that rows end within a byte, and chroma samples beyond the edge."""

MAGICK = ("magick", "convert-im6.q16", "convert-im6.q16hdri", "convert")
"""What ImageMagick is called, the newest first; Debian's own names before what stands in for it."""


def magick() -> str:
    """Return ImageMagick's program.

    Raises:
        RuntimeError: it is not installed; a silent skip would hide that nothing was compared.
    """
    found = next((name for name in MAGICK if shutil.which(name)), None)
    if found is None:
        raise RuntimeError("The corpus needs: apt-get install imagemagick")
    return found


def scene() -> Image.Image:
    """A slope, flat areas and letters' edges in RGBA: clear, half-clear and solid."""
    rows, columns = np.mgrid[:HEIGHT_PX, :WIDTH_PX]
    samples = np.zeros((HEIGHT_PX, WIDTH_PX, 4), np.uint8)
    samples[..., 0] = columns * 4
    samples[..., 1] = rows * 5
    samples[..., 2] = 90
    samples[..., 3] = 255
    samples[5:20, 5:30, :3] = 255
    samples[9:16, 9:26, :3] = (200, 30, 40)
    samples[24:40, 30:58, :3] = 0
    samples[24:34, 3:20, 3] = 0
    samples[34:40, 3:20, 3] = 128
    return Image.fromarray(samples)


def of_pillow(folder: Path) -> Iterator[Path]:
    """Write with Pillow."""
    image = scene()
    opaque = image.convert("RGB")
    grey = opaque.convert("L")
    modes = {
        "1": opaque.convert("1"),
        "L": grey,
        "LA": image.convert("LA"),
        "P": opaque.quantize(40, dither=Image.Dither.NONE),
        "P2": opaque.quantize(2, dither=Image.Dither.NONE),
        "P4": opaque.quantize(4, dither=Image.Dither.NONE),
        "P16": opaque.quantize(16, dither=Image.Dither.NONE),
        "RGB": opaque,
        "RGBA": image,
        "CMYK": opaque.convert("CMYK"),
        "I16": Image.fromarray(np.asarray(grey).astype(np.uint16) * 257),
        "YCbCr": opaque.convert("YCbCr"),
    }
    clear = {"transparency": 0}
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        *[("png", m, {}) for m in ("1", "L", "LA", "P", "P2", "P4", "P16", "RGB", "RGBA", "I16")],
        *[("png", m, {"bits": bits}) for m, bits in (("P2", 1), ("P4", 2), ("P16", 4))],
        *[("png", m, clear) for m in ("1", "L", "P", "P4")],
        ("png", "RGB", {"transparency": (255, 255, 255)}),
        ("png", "I16", {"transparency": 257 * 90}),
        *[("gif", m, {}) for m in ("1", "L", "P", "P2", "P16", "RGB", "RGBA")],
        *[("gif", m, {"interlace": True}) for m in ("L", "P")],
        *[("gif", m, clear) for m in ("L", "P", "P16")],
        *[("bmp", m, {}) for m in ("1", "L", "P", "RGB", "RGBA")],
        *[
            ("jpg", m, options)
            for m, options in product(
                ("1", "L", "RGB", "CMYK", "YCbCr"),
                ({"quality": 90}, {"quality": 90, "progressive": True}, {"quality": 40}),
            )
        ],
        *[("jpg", "RGB", {"quality": 90, "subsampling": s}) for s in (0, 1, 2)],
        *[
            ("tif", m, {"compression": c})
            for m, c in product(
                ("L", "LA", "P", "RGB", "RGBA", "CMYK", "I16"),
                ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "lzma", "zstd"),
            )
        ],
        *[
            ("tif", "1", {"compression": c})
            for c in ("raw", "group3", "group4", "tiff_ccitt", "packbits", "tiff_lzw")
        ],
        *[("tif", m, {"compression": "jpeg"}) for m in ("L", "RGB")],
        *[("webp", m, {"lossless": True, "exact": True}) for m in ("L", "P", "RGB", "RGBA")],
        *[("webp", m, {"quality": 80}) for m in ("RGB", "RGBA")],
        *[("jp2", m, {}) for m in ("L", "LA", "RGB", "RGBA", "I16")],
        *[("jp2", m, {"irreversible": True}) for m in ("L", "RGB")],
    ]
    if features.check("avif"):
        kinds += [("avif", m, {"quality": 90}) for m in ("L", "RGB", "RGBA")]
    for number, (suffix, mode, options) in enumerate(kinds):
        words = "-".join(f"{key}_{value}" for key, value in options.items())
        path = folder / f"pillow-{number:03}-{mode}-{words.replace(' ', '')}.{suffix}"
        modes[mode].save(path, **options)
        yield path


_TYPES = (
    *("Bilevel", "Grayscale", "GrayscaleMatte", "Palette", "PaletteMatte"),
    *("TrueColor", "TrueColorMatte", "ColorSeparation", "ColorSeparationMatte"),
)
_MAGICK = (
    *[("png", kind, depth, ()) for kind, depth in product(_TYPES[:7], (1, 2, 4, 8, 16))],
    *[("png", kind, depth, ("-interlace", "Line")) for kind, depth in product(_TYPES[:7], (8, 16))],
    *[(f"{kind}:png", "", 8, ()) for kind in ("png8", "png24", "png32", "png48", "png64", "png00")],
    *[("gif", kind, 8, ()) for kind in _TYPES[:7]],
    *[("gif", kind, 8, ("-interlace", "Line")) for kind in ("Palette", "PaletteMatte")],
    *[("bmp", kind, 8, ()) for kind in _TYPES[:7]],
    *[(f"{kind}:bmp", type_, 8, ()) for kind in ("bmp2", "bmp3") for type_ in _TYPES[:7]],
    *[
        ("tif", kind, depth, ("-compress", compress, "-endian", endian))
        for kind, depth, (compress, endian) in product(
            _TYPES, (1, 8, 16), (("None", "MSB"), ("LZW", "LSB"), ("Zip", "MSB"))
        )
    ],
    *[
        ("tif", kind, depth, ("-define", "tiff:tile-geometry=32x16"))
        for kind, depth in product(("Grayscale", "TrueColor", "TrueColorMatte"), (8, 16))
    ],
    *[
        ("tif", kind, depth, ("-interlace", "Plane"))
        for kind, depth in product(("TrueColor", "TrueColorMatte", "ColorSeparation"), (8, 16))
    ],
    *[
        ("tif", kind, 8, ("-define", f"tiff:alpha={alpha}"))
        for kind, alpha in product(
            ("GrayscaleMatte", "TrueColorMatte"), ("associated", "unassociated", "unspecified")
        )
    ],
    *[("tif", kind, 8, ("-define", "tiff:fill-order=lsb")) for kind in ("Bilevel", "TrueColor")],
    *[("tif", "Bilevel", 1, ("-compress", compress)) for compress in ("Fax", "Group4", "RLE")],
    *[
        ("jpg", kind, 8, ("-quality", "90", *more))
        for kind, more in product(
            ("Grayscale", "TrueColor", "ColorSeparation"),
            ((), ("-interlace", "Plane"), ("-sampling-factor", "1x1"), ("-sampling-factor", "2x1")),
        )
    ],
    *[
        ("webp", kind, 8, ("-define", "webp:lossless=true", "-define", "webp:exact=true"))
        for kind in ("Grayscale", "Palette", "TrueColor", "TrueColorMatte")
    ],
    *[("jp2", kind, depth, ()) for kind, depth in product(("Grayscale", "TrueColor"), (8, 16))],
)


def of_magick(folder: Path) -> Iterator[Path]:
    """Write with ImageMagick, in one run of it."""
    source = folder / "scene.png"
    eight = np.asarray(scene()).astype(np.uint16)
    ramp = np.arange(WIDTH_PX, dtype=np.uint16)[:, None] * 3
    # Sixteen bits that are not twice the same eight, but for alpha's ends.
    sixteen = np.clip(eight * 257 - ramp, 0, None).astype(np.uint16)
    sixteen[..., 3] = eight[..., 3] * 257
    source.write_bytes(write_png16(sixteen))
    command = [
        magick(),
        "-respect-parentheses",
        str(source),
        "-set",
        "colorspace",
        "sRGB",
        "-depth",
        "16",
    ]
    paths = []
    for number, (target, kind, depth, options) in enumerate(_MAGICK):
        form, _, suffix = target.partition(":")
        suffix = suffix or form
        words = "-".join(each.lstrip("-") for each in options).replace(":", "_").replace(" ", "")
        path = folder / f"magick-{number:03}-{form}-{kind}-{depth}-{words}.{suffix}"
        clone = ["(", "-clone", "0"]
        if kind:
            clone += (
                []
                if "Matte" in kind
                else ["-background", "white", "-alpha", "remove", "-alpha", "off"]
            )
            clone += ["-type", kind]
        clone += ["-depth", str(depth), *options, "-write", f"{form}:{path}", "+delete", ")"]
        command += clone
        paths.append(path)
    command += ["null:"]
    subprocess.run(command, check=True, timeout=200, stderr=subprocess.DEVNULL)
    source.unlink()
    yield from (path for path in paths if path.exists())


def of_office(folder: Path, profile: Path) -> Iterator[Path]:
    """Write with LibreOffice: what its Draw exports of a picture."""
    source = folder / "office.png"
    scene().convert("RGB").save(source)
    for suffix in ("png", "jpg", "gif", "bmp", "tif", "webp", "emf", "wmf"):
        out = folder / suffix
        subprocess.run(
            [
                *("soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"),
                *("--convert-to", suffix, "--outdir", str(out), str(source)),
            ],
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        path = out / f"office.{suffix}"
        if path.exists():
            yield path.rename(folder / f"office-{suffix}.{suffix}")
    source.unlink()


def shown_by_magick(paths: Sequence[Path], folder: Path, *, inks: bool = False) -> None:
    """Let ImageMagick decode pictures of different names into `folder`, raw and in 16 bits.

    As red, green, blue and alpha, or as four inks. What it cannot read is missing there.
    """
    program = magick()
    mogrify = (
        [program, "mogrify"] if program == "magick" else [program.replace("convert", "mogrify")]
    )
    kind = "cmyk" if inks else "rgba"
    # One run for all would stop at the first format that it does not know.
    for suffix in sorted({path.suffix for path in paths}):
        alike = [str(path) for path in paths if path.suffix == suffix]
        subprocess.run(
            [*mogrify, "-path", str(folder), "-depth", "16", "-format", kind, *alike],
            check=False,
            timeout=200,
            stderr=subprocess.DEVNULL,
        )
