"""Draw the README's picture of the page: real servers, the real network, the sample deck.

python -m tests.e2e.page_picture docs/images/page.png
"""

import argparse
import io
import re
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from crispdeck.sample import write_sample_deck
from crispdeck.settings import Settings
from tests.e2e.chromium import chromium
from tests.e2e.faults.running_stack import RunningStack, hasty
from tests.small_deck import deck_of, picture_blob

SIZE_PX = (1200, 1420)
WAIT_MS = 180_000


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.page_picture", description=__doc__)
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args().out
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stack = RunningStack(hasty(Settings(data_dir=folder / "data")), folder / "stack")
        try:
            stack.start()
            shown = re.search(r"http://\S+/#key=\S+", stack.log.read_text())
            assert shown
            with chromium() as browser:
                size = {"width": SIZE_PX[0], "height": SIZE_PX[1]}
                page = browser.new_page(viewport=size)  # type: ignore[arg-type]
                page.set_default_timeout(WAIT_MS)
                _show(page, shown[0], _decks(folder / "autumn"))
                blob = page.screenshot()
        finally:
            stack.kill()
            stack.db.dispose()
    with Image.open(io.BytesIO(blob)) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, optimize=True)


def _decks(folder: Path) -> Path:
    folder.mkdir()
    with (folder / "Orders and field studies.pptx").open("wb") as file:
        write_sample_deck(file)
    for number, name in enumerate(("Budget 2027", "Welcome", "Roadmap"), 1):
        pictures = [picture_blob(100 * number + at, 64) for at in range(number)]
        (folder / f"{name}.pptx").write_bytes(deck_of(pictures))
    (folder / "Agenda.pptx").write_bytes(deck_of([picture_blob(9, 64)], shown_in=[0.3]))
    return folder


def _show(page: Page, address: str, folder: Path) -> None:
    """Stop where all decks are looked at and the largest is open."""
    page.goto(address)
    page.get_by_label("Choose a folder").set_input_files(folder)
    expect(page.locator("#start")).to_be_enabled(timeout=WAIT_MS)
    expect(page.locator("#estimate")).to_contain_text("picture", timeout=WAIT_MS)
    page.get_by_role("button", name="Open autumn/Orders and field studies.pptx").click()
    expect(page.locator("#slides .there")).to_have_count(6, timeout=WAIT_MS)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
