"""An open pane in every width and colour scheme: pictures for people, and what may never be."""

import os
from pathlib import Path
from typing import Literal

from playwright.sync_api import Frame

from tests.e2e.addin.powerpoint import DARK, LIGHT, PowerPoint, axe_findings

Scheme = Literal["light", "dark", "forced colours"]
WIDTHS_PX = (270, 320, 350)
SCHEMES: tuple[Scheme, ...] = ("light", "dark", "forced colours")
LANGUAGES = ("de-DE", "en-US", "es-ES", "fr-FR", "ja-JP", "pt-BR", "zh-CN")

CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".compare, .unseen, .list, svg"))
  .filter((one) => getComputedStyle(one).display !== "inline")
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""

TWO_LINES_PX = 60
"""The tabs are 41 px high on one line, 75 on two."""


def set_look(powerpoint: PowerPoint, frame: Frame, width_px: int, scheme: Scheme) -> None:
    """Give the open pane another width and other colours."""
    powerpoint.page.locator("#pane").evaluate(
        "(pane, width) => { pane.style.width = `${width}px` }", width_px
    )
    # The frame is of another origin and hears of its width a moment later.
    frame.wait_for_function(
        "(width) => innerWidth <= width && width - 4 < innerWidth", arg=width_px
    )
    is_forced = scheme == "forced colours"
    powerpoint.page.emulate_media(
        color_scheme="dark" if is_forced else None, forced_colors="active" if is_forced else "none"
    )
    powerpoint.set_theme(LIGHT if scheme == "light" else DARK)
    frame.evaluate("window.dispatchEvent(new Event('focus'))")


def look_at(powerpoint: PowerPoint, language: str, name: str) -> None:
    """Nothing is cut off in any width and scheme, nothing serious for axe-core."""
    frame = next(one for one in powerpoint.page.frames if one.name == "pane")
    folder = os.environ.get("SCREENSHOTS")
    for scheme in SCHEMES:
        for width_px in WIDTHS_PX:
            set_look(powerpoint, frame, width_px, scheme)
            which = f"{name}-{language}-{width_px}-{scheme.replace(' ', '-')}"
            if folder:
                path = Path(folder) / f"{which}.png"
                powerpoint.page.locator("#pane").screenshot(path=path)
            assert frame.evaluate("document.documentElement.scrollWidth") <= width_px, which
            assert frame.evaluate(CUT_OFF) == [], which
            tabs_px = frame.evaluate("document.getElementById('tabs').offsetHeight")
            assert tabs_px < TWO_LINES_PX, which
    set_look(powerpoint, frame, WIDTHS_PX[0], "light")
    # Colours do not depend on the language: test_access.py has axe-core look at all of them.
    found = axe_findings(powerpoint.page)
    assert found == [], f"{name}: {found}"
