"""Each check fails for the fault that it is there for."""

import numpy as np
import pytest

from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels
from tests.worker.faithful.pictures import Colours, natural, shrunk
from worker.faithful.checks import MOST_DB, Findings, measure
from worker.faithful.guarantee import Use
from worker.faithful.kinds import Consistency

FINE = Use(most=0.4, clipped=0.01, over=0.001)


def found(
    large: Colours, *, exact: bool = True, use: Use = FINE, alpha: Colours | None = None
) -> Findings:
    small = Pixels(shrunk(natural(80, 120), 4), np.full((20, 30), 255, np.uint8))
    full = np.full(large.shape[:2], 255, np.uint8) if alpha is None else alpha
    consistency = Consistency.EXACT if exact else Consistency.LOW_FREQUENCY
    return measure(small, Pixels(large, full), consistency, use)


def test_what_the_small_picture_was_made_of_passes() -> None:
    findings = found(natural(80, 120))
    assert findings.failed() == ()
    assert findings.shrinks_back_db == MOST_DB
    assert findings.colour_shift_levels == 0


def test_a_tint_is_a_colour_shift_and_fails_both_promises() -> None:
    tinted = np.clip(natural(80, 120).astype(int) + np.array([3, 0, -3]), 0, 255).astype(np.uint8)
    assert "colour_shift" in found(tinted).failed()
    assert "colour_shift" in found(tinted, exact=False).failed()


def test_an_edge_that_became_steeper_on_the_border_of_a_block_is_no_tint() -> None:
    soft = np.repeat([[60] * 15 + [90, 170] + [200] * 15], 32, axis=0).astype(np.uint8)
    hard = np.where(np.arange(128) < 64, 60, 200).astype(np.uint8)
    large = Pixels(np.repeat(hard[None, :, None], 128, axis=0))
    findings = measure(Pixels(soft[:, :, None]), large, Consistency.LOW_FREQUENCY, FINE)
    assert findings.failed() == ()
    exact = measure(Pixels(soft[:, :, None]), large, Consistency.EXACT, FINE)
    assert "colour_shift" in exact.failed()


def test_detail_that_is_not_there_fails_the_exact_promise_only() -> None:
    noisy = natural(80, 120).astype(int)
    noisy[::8] += 40
    noisy[4::8] -= 40
    noisy = np.clip(noisy, 0, 255)
    assert "shrinks_back" in found(noisy.astype(np.uint8)).failed()
    assert "shrinks_back" not in found(noisy.astype(np.uint8), exact=False).failed()


def test_another_picture_fails_the_coarse_promise() -> None:
    assert "coarse" in found(natural(80, 120)[::-1], exact=False).failed()


def test_a_sample_over_its_budget_fails() -> None:
    assert found(natural(80, 120), use=Use(most=1.2, clipped=0, over=0.01)).failed() == ("budget",)


def test_haze_in_a_solid_area_fails() -> None:
    alpha = np.full((80, 120), 255, np.uint8)
    alpha[40, 60] = 254
    assert "alpha" in found(natural(80, 120), alpha=alpha).failed()


def test_what_interpolation_cannot_reach_is_not_asked_of_a_network() -> None:
    """Nothing between black and white shrinks to single black and white pixels by bicubic."""
    odd = np.add.outer(np.arange(12), np.arange(12)) % 2
    small = Pixels((odd * 255).astype(np.uint8)[:, :, None])
    plain = measure(small, resize(small, 48, 48), Consistency.EXACT, Use())
    assert "shrinks_back" in plain.failed()
    assert plain.failed(plain) == ()


def test_a_report_holds_only_what_json_knows() -> None:
    report = found(natural(80, 120)).as_dict()
    assert report["consistency"] == "exact"
    assert report["shrinks_back_db"] == pytest.approx(MOST_DB)
    assert {type(value) for value in report.values()} <= {str, float, bool, Consistency}
