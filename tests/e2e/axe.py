"""axe-core in the page under test: what it finds serious is an error of the page."""

from playwright.sync_api import Page

from tests.conftest import REPOSITORY

AXE = REPOSITORY / "addin" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}


SETTLED = """Promise.all(
    document.getAnimations()
        .filter((one) => one.effect.getTiming().iterations !== Infinity)
        .map((one) => one.finished.catch(() => null)),
).then(() => null)"""
"""Colours fade from one to another: what lies between is no finding."""


def serious_findings(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical about the page as it is now."""
    assert AXE.is_file(), "axe-core is not installed: run `make addin`"
    page.evaluate(SETTLED)
    # Runs beside the page's own policy, which lets no foreign script in.
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
