"""One small edit of a given picture: a date, a watermark, a swapped face, another colour."""

import colorsys
import random
import re

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from worker.lab.bench.originals.drawings import Two, font
from worker.lab.training.sources import render_svg


def edited_photo(photo: Image.Image, other: Image.Image, rng: random.Random) -> Two:
    """Edit a photograph; `other` gives what is pasted into it."""
    edit = rng.choice(("date", "watermark", "swapped patch", "moved patch", "erased patch"))
    if edit == "date":
        return _dated(photo, rng)
    if edit == "watermark":
        return Two(photo, _watermarked(photo, rng), edit)
    return Two(photo, _patched(photo, other, edit, rng), edit)


def edited_graphic(graphic: Image.Image, rng: random.Random) -> Two:
    """Edit a chart, diagram or screenshot."""
    edit = rng.choice(("date", "watermark", "moved patch", "erased patch", "recoloured"))
    if edit == "date":
        return _dated(graphic, rng)
    if edit == "watermark":
        return Two(graphic, _watermarked(graphic, rng), edit)
    if edit == "recoloured":
        return Two(graphic, _recoloured(graphic, rng), edit)
    return Two(graphic, _patched(graphic, graphic, edit, rng), edit)


def edited_svg(markup: str, width_px: int, ground: str, rng: random.Random) -> Two | None:
    """Draw a logo and a version of it: a shape left out or a colour changed; None if it has none.

    Raises:
        ValueError: it cannot be drawn.
    """
    truth = render_svg(markup, width_px, ground)
    if rng.random() < 0.5:
        found, edit = _with_other_colour(markup, rng), "logo's colour"
    else:
        found, edit = _without_shape(markup, rng), "logo's version"
    if found is None:
        return None
    other = render_svg(found, width_px, ground)
    return Two(truth, other, edit) if other.size == truth.size else None


def _with_other_colour(markup: str, rng: random.Random) -> str | None:
    colours = sorted(set(re.findall(r"#[0-9a-fA-F]{6}\b", markup)))
    if not colours:
        return None
    old = rng.choice(colours)
    red, green, blue = (int(old[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    hue, saturation = (hue + rng.uniform(0.15, 0.5)) % 1, max(0.4, saturation)
    light = min(0.75, max(0.25, light))
    new = "".join(f"{round(255 * c):02x}" for c in colorsys.hls_to_rgb(hue, light, saturation))
    return markup.replace(old, f"#{new}")


def _without_shape(markup: str, rng: random.Random) -> str | None:
    shapes = list(re.finditer(r"<(path|rect|circle|polygon)\b[^>]*/>", markup))
    if len(shapes) < 2:
        return None
    shape = rng.choice(shapes)
    return markup[: shape.start()] + markup[shape.end() :]


def _dated(picture: Image.Image, rng: random.Random) -> Two:
    size_px = max(14, round(picture.width * rng.uniform(0.025, 0.05)))
    year, day = rng.randrange(2010, 2025), rng.randrange(10, 27)
    place = (rng.uniform(0.05, 0.5) * picture.width, rng.uniform(0.05, 0.85) * picture.height)
    seed, colour = rng.randrange(1 << 20), rng.choice(("#ffb000", "#ffffff", "#101010"))

    def stamped(text: str) -> Image.Image:
        copy = picture.copy()
        ImageDraw.Draw(copy).text(place, text, colour, font(seed, size_px))
        return copy

    return Two(
        stamped(f"{year}-03-{day}"), stamped(f"{year}-03-{day + rng.choice((1, 2))}"), "date"
    )


def _watermarked(picture: Image.Image, rng: random.Random) -> Image.Image:
    mask = Image.new("L", picture.size, 0)
    size_px = max(16, round(picture.width * rng.uniform(0.06, 0.15)))
    place = (rng.uniform(0, 0.4) * picture.width, rng.uniform(0.1, 0.7) * picture.height)
    strength = round(255 * rng.uniform(0.15, 0.4))
    ImageDraw.Draw(mask).text(place, "SAMPLE", strength, font(3, size_px))
    colour = rng.choice(("white", "#808080", "black"))
    return Image.composite(Image.new("RGB", picture.size, colour), picture, mask)


def _patched(
    picture: Image.Image, other: Image.Image, edit: str, rng: random.Random
) -> Image.Image:
    """Change an ellipse: another's content, its own from beside, or the mean of what is around."""
    side = round(min(picture.size) * rng.uniform(0.06, 0.16)) + 6
    left, top = (rng.randrange(0, max(1, each - side)) for each in picture.size)
    box = (left, top, left + side, top + side)
    if edit == "swapped patch":
        x, y = (rng.randrange(0, max(1, each - side)) for each in other.size)
        content = other.crop((x, y, x + side, y + side))
    elif edit == "moved patch":
        shift = max(6, side // 3)
        dx, dy = rng.choice(((shift, 0), (-shift, 0), (0, shift), (0, -shift)))
        content = ImageChops.offset(picture, dx, dy).crop(box)
    else:
        around = np.asarray(picture.crop(box), np.float32)
        rim = np.concatenate((around[0], around[-1], around[:, 0], around[:, -1]))
        colour = tuple(int(each) for each in np.median(rim, axis=0))
        content = Image.new("RGB", (side, side), colour)
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).ellipse((1, 1, side - 2, side - 2), 255)
    changed = picture.copy()
    changed.paste(content, box[:2], mask.filter(ImageFilter.GaussianBlur(1.5)))
    return changed


def _recoloured(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Give what has one of the strong hues another."""
    hsv = np.asarray(picture.convert("HSV"), np.int16).copy()
    strong = hsv[..., 1] > 60
    if not strong.any():
        return picture
    hue = int(rng.choice(hsv[..., 0][strong].tolist()))
    near = strong & (np.abs((hsv[..., 0] - hue + 128) % 256 - 128) < 12)
    hsv[..., 0] = np.where(near, (hsv[..., 0] + rng.randrange(30, 128)) % 256, hsv[..., 0])
    return Image.fromarray(hsv.astype(np.uint8), "HSV").convert("RGB")
