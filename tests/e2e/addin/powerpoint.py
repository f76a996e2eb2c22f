"""PowerPoint as the tests have it: a page with a real deck, and the real pane in a frame."""

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import BrowserContext, FrameLocator, Page, Route
from playwright.sync_api import Error as PlaywrightError

from tests.conftest import REPOSITORY
from tests.e2e.axe import SETTLED

ADDIN = REPOSITORY / "addin"
HOST = ADDIN / "build" / "host"
HOST_SOURCES = ADDIN / "tests" / "fake-host"
PAGE = "https://powerpoint.officeapps.live.com/deck"
OFFICE_JS = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"

Profile = Literal["web-1.10", "windows-1.8", "mac-1.10", "mac-1.5", "ltsc2024-1.5", "ipad-1.1"]
SWAPPING: tuple[Profile, ...] = ("web-1.10", "windows-1.8", "mac-1.10")
OLDER: tuple[Profile, ...] = ("ltsc2024-1.5", "ipad-1.1")

LIGHT = {
    "isDarkTheme": False,
    "bodyBackgroundColor": "#FFFFFF",
    "bodyForegroundColor": "#242424",
    "controlBackgroundColor": "#FFFFFF",
    "controlForegroundColor": "#242424",
}
DARK = {
    "isDarkTheme": True,
    "bodyBackgroundColor": "#262626",
    "bodyForegroundColor": "#FFFFFF",
    "controlBackgroundColor": "#3B3B3B",
    "controlForegroundColor": "#FFFFFF",
}


def build_host() -> None:
    """Bundle the host's two scripts where their sources are newer."""
    built = HOST / "powerpoint.js"
    sources = [path for path in HOST_SOURCES.rglob("*") if path.is_file()]
    if built.is_file() and built.stat().st_mtime > max(one.stat().st_mtime for one in sources):
        return
    vite = ADDIN / "node_modules" / ".bin" / "vite"
    if not vite.is_file():
        raise RuntimeError("The task pane's tools are not installed; run: make addin")
    for mode in ("office", "powerpoint"):
        config = ["-c", str(HOST_SOURCES / "vite.config.ts"), "--mode", mode]
        subprocess.run([str(vite), "build", *config], cwd=ADDIN, check=True, timeout=120)


@dataclass(frozen=True)
class Report:
    """What PowerPoint saw."""

    calls: list[dict[str, Any]]
    refusals: list[list[str]]
    opened: list[str]
    windows: list[str]
    settings: Mapping[str, Any]
    unmet: list[dict[str, Any]]
    openFiles: int  # noqa: N815 - as the host's script names it
    saves: int
    selection: Mapping[str, list[Any]]
    slides: list[str]

    def count(self, member: str) -> int:
        """How often a member was called with success."""
        return sum(one["member"] == member and not one.get("failed") for one in self.calls)


class PowerPoint:
    """One window of PowerPoint with one deck, and what a person does in it."""

    def __init__(self, page: Page, pane_url: str, usual_profile: Profile = "web-1.10") -> None:
        self.page = page
        self._pane_url = pane_url
        self._usual_profile = usual_profile

    @property
    def pane(self) -> FrameLocator:
        """The task pane."""
        return self.page.frame_locator("#pane")

    def open(
        self,
        deck: bytes,
        profile: Profile | None = None,
        *,
        width_px: int = 320,
        theme: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        name: str = "Quarterly talk.pptx",
        query: str = "",
        language: str = "en-US",
        read_only: bool = False,
    ) -> None:
        """Open a deck, with the pane beside it; `query` is what a manifest adds to its address."""
        options: dict[str, Any] = {
            "profile": profile or self._usual_profile,
            "settings": dict(settings or {}),
            "language": language,
            "isReadOnly": read_only,
            "url": f"https://contoso.sharepoint.com/decks/{name}",
        }
        if theme is not None:
            options["theme"] = dict(theme)
        self.page.goto(PAGE)
        self.page.evaluate(
            "([deck, pane, width, options]) => powerpoint.open(deck, pane, width, options)",
            [base64.b64encode(deck).decode(), self._pane_url + query, width_px, options],
        )

    def panes(self) -> list[str]:
        """What the panes in this window hold, as HTML; for those who look why a test failed."""
        try:
            return [one.content() for one in self.page.frames if one.name == "pane"]
        except PlaywrightError as error:  # the browser may be what failed
            return [error.message]

    def reload_pane(self, width_px: int = 320) -> None:
        """Close the pane and open it again; the deck stays open."""
        self.page.evaluate(
            "([pane, width]) => powerpoint.showPane(pane, width)", [self._pane_url, width_px]
        )

    def save(self) -> bytes:
        """The deck as File > Save writes it."""
        return base64.b64decode(self.page.evaluate("powerpoint.app.save()"))

    def do(self, kind: str, slide: int, **more: Any) -> str | None:
        """Edit as a person does; slides count from 0."""
        edit = {"kind": kind, "slide": slide, **more}
        done: str | None = self.page.evaluate("(edit) => powerpoint.app.do(edit) ?? null", edit)
        return done

    def undo(self) -> None:
        """Press Ctrl+Z."""
        self.page.evaluate("powerpoint.app.undo()")

    def limit_payload(self, characters: int) -> None:
        """Let no batch carry more, as PowerPoint on the web does."""
        self.page.evaluate("(most) => { powerpoint.app.engine.payloadLimit = most }", characters)

    def insert_picture(
        self, slide: int, blob: bytes, box_in: tuple[float, float, float, float]
    ) -> str:
        """Insert > Pictures, at left, top, width, height; return the shape's id."""
        sides = dict(zip(("left", "top", "width", "height"), (72 * x for x in box_in), strict=True))
        picture = base64.b64encode(blob).decode()
        made = self.do("insert-picture", slide, picture=picture, description="A chart", **sides)
        assert made is not None
        return made

    def rule(self, on: str, effect: Mapping[str, Any], **more: Any) -> None:
        """Let something go wrong, or somebody edit, at a call of a member from now on.

        `nth` and `times` count the calls, from the moment that a call of `after` was seen.
        """
        rule = {"on": on, "effect": dict(effect), **more}
        self.page.evaluate("(rule) => powerpoint.app.addRule(rule)", rule)

    def clear_rules(self) -> None:
        """Let all go well from now on."""
        self.page.evaluate("powerpoint.app.rules.clear()")

    def set_latency(self, ms: float) -> None:
        """Let every batch take so long."""
        self.page.evaluate("(ms) => { powerpoint.app.engine.latency = ms }", ms)

    def set_theme(self, theme: Mapping[str, Any]) -> None:
        """Change Office's colours."""
        self.page.evaluate("(theme) => powerpoint.app.setTheme(theme)", dict(theme))

    def report(self) -> Report:
        """What PowerPoint saw until now."""
        return Report(**self.page.evaluate("powerpoint.app.report()"))


def serve_host(context: BrowserContext, *own: str) -> list[str]:
    """Answer for PowerPoint and for Office.js; return the list of addresses that went elsewhere."""
    files = {
        PAGE: (HOST_SOURCES / "powerpoint" / "page.html", "text/html"),
        PAGE.replace("/deck", "/powerpoint.js"): (HOST / "powerpoint.js", "text/javascript"),
        OFFICE_JS: (HOST / "office.js", "text/javascript"),
    }
    foreign: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        if url in files:
            path, kind = files[url]
            route.fulfill(path=path, content_type=kind)
        elif url.startswith((*own, "blob:", "data:")):
            route.fallback()
        else:
            foreign.append(url)
            route.abort()

    context.route("**/*", answer)
    return foreign


def axe_findings(page: Page, impacts: Sequence[str] = ("serious", "critical")) -> list[str]:
    """Return what axe-core finds in the pane, worst kinds only unless told."""
    frame = next(one for one in page.frames if one.name == "pane")
    frame.evaluate(SETTLED)
    frame.evaluate((ADDIN / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = frame.evaluate("async () => JSON.stringify((await axe.run(document)).violations)")
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]}"
        for one in json.loads(found)
        if one["impact"] in impacts
        for node in one["nodes"]
    ]
