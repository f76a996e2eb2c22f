"""Pages drawn by Chromium, as a small screen shows them and as a fine one does."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image

from worker.lab.training.renders.pen import PAGE_HEIGHT_PX, PAGE_WIDTH_PX
from worker.lab.training.renders.registration import Box
from worker.lab.training.renders.tools import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page


@dataclass(frozen=True)
class Screen:
    """How a system draws letters.

    Attributes:
        hinting: how far outlines are bent to the grid of pixels.
        between_pixels: letters may stand at fractions of a pixel, as on today's systems.
        order: of the three colours of a pixel, which letters are smoothed with; "none": in grey.
    """

    hinting: Literal["none", "slight", "full"]
    between_pixels: bool
    order: Literal["none", "rgb", "bgr"]


FINE = Screen("none", between_pixels=True, order="none")
"""The screen of the truth: letters in their own shapes, and no colour at their edges."""

# Full hinting with letters between pixels is left out: it moves them, and the line gets longer.
SMALL_SCREENS = (
    Screen("slight", between_pixels=True, order="none"),
    Screen("full", between_pixels=False, order="none"),
    Screen("none", between_pixels=True, order="none"),
    Screen("slight", between_pixels=True, order="rgb"),
    Screen("slight", between_pixels=False, order="none"),
    Screen("full", between_pixels=False, order="rgb"),
    Screen("none", between_pixels=True, order="bgr"),
)

_FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>{matches}</fontconfig>"""
# For every pattern and once more for every font, since some fonts bring rules of their own.
_MATCH = """<match target="{target}">
<edit name="antialias" mode="assign"><bool>true</bool></edit>
<edit name="hinting" mode="assign"><bool>{hinting}</bool></edit>
<edit name="hintstyle" mode="assign"><const>hint{style}</const></edit>
<edit name="rgba" mode="assign"><const>{order}</const></edit>
</match>"""


def fontconfig(screen: Screen) -> str:
    """Write the configuration that makes letters as `screen` does.

    Chromium's own `--font-render-hinting` has no effect in its current headless mode.
    """
    matches = "".join(
        _MATCH.format(
            target=target,
            hinting="false" if screen.hinting == "none" else "true",
            style=screen.hinting,
            order=screen.order,
        )
        for target in ("pattern", "font")
    )
    return _FONTCONFIG.format(matches=matches)


class Browser:
    """One running Chromium that draws like one screen."""

    def __init__(self, launched: "Chromium") -> None:
        self._chromium = launched
        self._pages: dict[int, Page] = {}

    def show(self, html: str, device_scale: int) -> "Page":
        """Open a page at so many pixels for each CSS pixel."""
        if device_scale not in self._pages:
            context = self._chromium.new_context(
                viewport={"width": PAGE_WIDTH_PX, "height": PAGE_HEIGHT_PX},
                device_scale_factor=device_scale,
                offline=True,
            )
            self._pages[device_scale] = context.new_page()
        page = self._pages[device_scale]
        page.set_content(html)
        return page

    def draw(self, html: str, device_scale: int) -> Image.Image:
        """Draw the page as RGB, exactly `device_scale` times its size in CSS pixels."""
        shot = self.show(html, device_scale).screenshot(type="png", animations="disabled")
        with Image.open(io.BytesIO(shot)) as file:
            return file.convert("RGB")

    def boxes(self, html: str, selector: str) -> list[Box]:
        """Find where the elements that match lie, in whole CSS pixels, those in full view."""
        found = []
        for element in self.show(html, 1).query_selector_all(selector):
            place = element.bounding_box()
            if place is None:
                continue
            box = Box(*(round(place[side]) for side in ("x", "y", "width", "height")))
            if box.left + box.width <= PAGE_WIDTH_PX and box.top + box.height <= PAGE_HEIGHT_PX:
                found.append(box)
        return found


@contextmanager
def started(playwright: object, screen: Screen) -> Iterator[Browser]:
    """Start one of several browsers of a playwright; BadInputError where there is none."""
    executable = chromium()
    with tempfile.TemporaryDirectory(prefix="crispdeck-fonts-") as folder:
        config = Path(folder) / "fonts.conf"
        config.write_text(fontconfig(screen), encoding="utf-8")
        flags = ["--disable-gpu", "--force-color-profile=srgb"]
        flags += ["--enable-lcd-text"] if screen.order != "none" else []
        flags += [] if screen.between_pixels else ["--disable-font-subpixel-positioning"]
        launched = playwright.chromium.launch(  # type: ignore[attr-defined]
            executable_path=str(executable),
            args=flags,
            env={**os.environ, "FONTCONFIG_FILE": str(config)},
        )
        try:
            yield Browser(launched)
        finally:
            launched.close()
