"""What counts as blurred: what somebody asks for, over the defaults."""

import pytest

from crispdeck.deck.thresholds import PRESETS, Preset, ScanOptions
from crispdeck.settings import Settings


def test_nothing_asked_for_is_the_default() -> None:
    assert ScanOptions.asked_for() == ScanOptions()


@pytest.mark.parametrize("preset", list(Preset))
def test_a_preset_is_its_threshold(preset: Preset) -> None:
    assert ScanOptions.asked_for(preset=preset).low_ppi == PRESETS[preset]
    assert ScanOptions.asked_for(preset=preset.value).low_ppi == PRESETS[preset]


def test_a_threshold_in_figures_overrides_a_preset() -> None:
    assert ScanOptions.asked_for(preset="strict", low_ppi=96).low_ppi == 96


def test_no_is_an_answer_and_not_a_missing_one() -> None:
    asked = ScanOptions.asked_for(true_size=False, layouts=False, max_scale=2, target_ppi=150)
    assert (asked.true_size, asked.layouts, asked.max_scale, asked.target_ppi) == (
        False,
        False,
        2,
        150,
    )


def test_an_installation_brings_its_limits_of_pixels() -> None:
    asked = ScanOptions.asked_for(settings=Settings(max_input_px=5_000, max_output_px=70_000))
    assert (asked.max_input_px, asked.max_output_px) == (5_000, 70_000)
