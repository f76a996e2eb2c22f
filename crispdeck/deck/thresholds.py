"""What counts as blurred: the default thresholds, the named ones, and what a caller may ask for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from crispdeck.settings import Settings


@dataclass(frozen=True)
class ScanOptions:
    """What counts as low and what is looked at."""

    low_ppi: float = 110.0
    target_ppi: float = 220.0
    max_scale: int = 4
    min_shown_in: float = 1.0
    min_side_px: int = 16
    layouts: bool = False
    """Layouts and masters too (changes every slide that stands on them)."""
    true_size: bool = True
    """Look at pixels too: a picture that was enlarged before counts by its true size."""
    max_input_px: int = Settings.max_input_px
    max_output_px: int = Settings.max_output_px

    @classmethod
    def asked_for(
        cls,
        *,
        preset: "Preset | str | None" = None,
        low_ppi: float | None = None,
        target_ppi: float | None = None,
        max_scale: int | None = None,
        layouts: bool | None = None,
        true_size: bool | None = None,
        settings: Settings | None = None,
    ) -> Self:
        """Join what somebody asked for with the defaults; None: as by default.

        Args:
            preset: a named threshold; `low_ppi` wins over it.
            low_ppi: pixels per inch below which a picture is low.
            target_ppi: pixels per inch that an upscale aims at.
            max_scale: the largest factor.
            layouts: layouts and masters too.
            true_size: count pictures that were enlarged before by their true size.
            settings: of this installation, for its limits of pixels.
        """
        if low_ppi is None and preset is not None:
            low_ppi = PRESETS[Preset(preset)]
        asked = {
            "low_ppi": low_ppi,
            "target_ppi": target_ppi,
            "max_scale": max_scale,
            "layouts": layouts,
            "true_size": true_size,
        }
        given: dict[str, Any] = {name: one for name, one in asked.items() if one is not None}
        if settings is not None:
            given["max_input_px"] = settings.max_input_px
            given["max_output_px"] = settings.max_output_px
        return cls(**given)


class Preset(StrEnum):
    """A named threshold below which a picture counts as low."""

    STRICT = "strict"
    NORMAL = "normal"
    WIDE = "wide"


PRESETS = {Preset.STRICT: 72.0, Preset.NORMAL: ScanOptions.low_ppi, Preset.WIDE: 150.0}
"""Low thresholds in ppi: 18 %, 59 % and 77 % of pictures in real talks fall below them."""
