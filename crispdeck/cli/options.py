"""Options that several commands share."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from crispdeck.deck.thresholds import PRESETS, Preset, ScanOptions
from crispdeck.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])

_THRESHOLDS = ", ".join(f"{ppi:g}" for ppi in PRESETS.values())


def sources(kind: str) -> Callable[[Function], Function]:
    """Take one or more existing files or folders as `sources`."""
    return click.argument(
        "sources",
        metavar=f"{kind}...",
        nargs=-1,
        required=True,
        type=click.Path(exists=True, path_type=Path),
    )


def what_is_low(function: Function) -> Function:
    """Add the options that say which pictures count as blurred."""
    for option in (
        click.option(
            "--true-size/--no-true-size",
            default=True,
            show_default=True,
            help="Measure pixels too: pictures that were enlarged before count by their true size.",
        ),
        click.option(
            "--layouts", is_flag=True, help="Layouts and masters too; many slides share those."
        ),
        click.option(
            "--target-ppi",
            type=click.FloatRange(30, 1200),
            help=f"Pixels per inch to reach, at most {ScanOptions.max_scale} times as many as there"
            f" are [{ScanOptions.target_ppi:g}].",
        ),
        click.option(
            "--low-ppi",
            type=click.FloatRange(1, 1200),
            help="Pixels per inch below which a picture counts as blurred; overrides --preset.",
        ),
        click.option(
            "--preset",
            type=click.Choice([preset.value for preset in PRESETS]),
            default=Preset.NORMAL.value,
            show_default=True,
            help=f"What counts as blurred: below {_THRESHOLDS} pixels per inch.",
        ),
    ):
        function = option(function)
    return function


def out(words: str, *, required: bool = False) -> Callable[[Function], Function]:
    """Take where to write as `out`."""
    return click.option(
        "-o", "--out", required=required, type=click.Path(path_type=Path), help=words
    )


def settings_with(crispness: float | None) -> Settings:
    """Read the settings; an option wins over the environment."""
    settings = Settings.from_env()
    return settings if crispness is None else replace(settings, crispness=crispness)


crispness = click.option(
    "--crispness",
    type=click.FloatRange(0, 1),
    help=f"Steepness of edges, 0 (soft) to 1, within what faithfulness allows"
    f" [CRISPDECK_CRISPNESS, or {Settings().crispness}].",
)
overwrite = click.option("--overwrite", is_flag=True, help="Replace files that exist already.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
allow_signed = click.option(
    "--allow-signed",
    is_flag=True,
    help="Change digitally signed decks too; it breaks the signature.",
)
