"""A sheet shows each picture and its upscale on three grounds."""

from pathlib import Path

import pytest
from PIL import Image

from worker.lab.bench.grounds import DARK, GAP_PX, LINE_PX, sheet

pytestmark = pytest.mark.long


def test_a_clear_ground_shows_what_lies_below(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    logo = Image.new("RGBA", (40, 24), (255, 255, 255, 0))
    logo.paste((0, 90, 160, 255), (12, 6, 30, 18))
    logo.save(path)
    made = sheet([path], 2)
    assert made.size == (6 * (80 + GAP_PX) + GAP_PX, 48 + LINE_PX + 2 * GAP_PX)
    top = GAP_PX + LINE_PX
    corners = [made.getpixel((GAP_PX + side * (80 + GAP_PX), top)) for side in range(4)]
    assert corners == [(255, 255, 255)] * 2 + [DARK] * 2
