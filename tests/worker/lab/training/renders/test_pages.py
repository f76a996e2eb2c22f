"""Pages: the same for the same seed, apart where held out, and drawn in the same place twice."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from worker.lab.training.corpus import Corpus, PartWriter
from worker.lab.training.renders import fonts
from worker.lab.training.renders.browser import FINE, SMALL_SCREENS, Browser, Screen, started
from worker.lab.training.renders.pages import HELD_BACK_ONE_IN, make_page, write_pages
from worker.lab.training.renders.pen import Pen, Style, document, style_of
from worker.lab.training.renders.templates import HELD_OUT, TRAINING

DISC = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="5" cy="5" r="4"/></svg>'
)


@pytest.fixture
def drawings(tmp_path: Path) -> list[Path]:
    (tmp_path / "disc.svg").write_text(DISC)
    return [tmp_path / "disc.svg"]


def style(seed: int = 1) -> Style:
    return style_of(random.Random(seed), held_out=False)


class TestWriting:
    def test_the_same_number_and_seed_write_the_same_page(self, drawings: list[Path]) -> None:
        def written(seed: int) -> list[str]:
            return [make_page(n, seed, drawings, drawings).html for n in range(30)]

        assert written(1) == written(1)
        assert len(set(written(1)) & set(written(2))) == 0

    @pytest.mark.parametrize("kind", sorted(TRAINING))
    def test_every_template_fills_a_page(self, kind: str, drawings: list[Path]) -> None:
        body = TRAINING[kind][0](Pen(random.Random(3), style(), drawings))
        assert len(document(style(), body)) > 2000

    def test_every_template_has_its_turn(self, drawings: list[Path]) -> None:
        names = {make_page(n, 1, drawings, drawings).name.rsplit("-")[0] for n in range(700)}
        assert names == set(TRAINING) | set(HELD_OUT)


class TestHoldingOut:
    def test_no_page_template_or_typeface_is_in_both(self) -> None:
        assert not set(TRAINING) & set(HELD_OUT)
        trained = {*fonts.SANS, *fonts.SERIF, *fonts.MONO, *fonts.ICONS}
        held_out = {*fonts.HELD_OUT_SANS, *fonts.HELD_OUT_SERIF, *fonts.HELD_OUT_MONO}
        assert not trained & (held_out | {*fonts.HELD_OUT_ICONS})

    def test_held_back_pages_are_the_held_out_kinds_in_held_out_type(
        self, drawings: list[Path]
    ) -> None:
        held_out_type = {*fonts.HELD_OUT_SANS, *fonts.HELD_OUT_SERIF, *fonts.HELD_OUT_MONO}
        for number in range(4 * HELD_BACK_ONE_IN):
            page = make_page(number, 1, drawings, drawings)
            assert page.held_back == (number % HELD_BACK_ONE_IN == HELD_BACK_ONE_IN - 1)
            assert page.held_back == (page.name.rsplit("-")[0] in HELD_OUT)
            assert page.held_back == any(f"'{family}'" in page.html for family in held_out_type)

    def test_held_back_pages_show_other_drawings(self, drawings: list[Path]) -> None:
        other = drawings[0].with_name("other.svg")
        other.write_text(DISC.replace("4", "3"))
        for number in range(HELD_BACK_ONE_IN * 8):
            page = make_page(number, 1, drawings, [other])
            swapped = make_page(number, 1, drawings, drawings)
            if page.held_back is False:
                assert page.html == swapped.html


@pytest.mark.browser
def test_a_part_of_pages_holds_registered_pairs_and_is_the_same_again(
    tmp_path: Path, drawings: list[Path]
) -> None:
    pytest.importorskip("playwright.sync_api")
    corpora = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with PartWriter(tmp_path / name, "pages") as writer:
            write_pages(writer, range(22, 25), 1, drawings, drawings)
        corpora.append(Corpus(tmp_path / name))
    first, second = corpora
    assert first.entries == second.entries
    assert len(first.pairs) >= 6
    assert {pair.held_back for pair in first.pairs} == {False, True}
    for pair, again in zip(first.pairs, second.pairs, strict=True):
        small, sharp = first.drawn(pair, 1), first.drawn(pair, 4)
        assert np.array_equal(sharp, second.drawn(again, 4))
        boxed = sharp.reshape(pair.height_px, 4, pair.width_px, 4, 3).mean((1, 3))
        # Hinted letters differ from the sharp ones shrunk, but never as other letters would.
        assert np.corrcoef(boxed.ravel(), small.ravel())[0, 1] > 0.8


@pytest.fixture(scope="module")
def browsers() -> Iterator[dict[Screen, Browser]]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_api.sync_playwright())
        screens = (FINE, SMALL_SCREENS[1], SMALL_SCREENS[3])
        yield {s: stack.enter_context(started(playwright, s)) for s in screens}


@pytest.mark.browser
class TestDrawing:
    def html(self) -> str:
        return document(
            style(), "<p style='font:16px/24px sans-serif;color:#000;background:#fff'>Hamburg</p>"
        )

    def test_each_scale_has_exactly_so_many_pixels(self, browsers: dict[Screen, Browser]) -> None:
        sizes = [browsers[FINE].draw(self.html(), scale).size for scale in (1, 2, 4)]
        assert sizes == [(576, 384), (1152, 768), (2304, 1536)]

    def test_only_a_screen_of_colours_smooths_in_colour(
        self, browsers: dict[Screen, Browser]
    ) -> None:
        def colourful(screen: Screen) -> float:
            pixels = np.asarray(browsers[screen].draw(self.html(), 1), int)[:24]
            return float(np.abs(pixels[..., 0] - pixels[..., 2]).max())

        assert colourful(FINE) == colourful(SMALL_SCREENS[1]) == 0
        assert colourful(SMALL_SCREENS[3]) > 40

    def test_hinting_changes_the_letters(self, browsers: dict[Screen, Browser]) -> None:
        plain, hinted = (browsers[s].draw(self.html(), 1) for s in (FINE, SMALL_SCREENS[1]))
        assert plain.tobytes() != hinted.tobytes()
