"""Write what scripts and server must agree on as a module for the pages and one for the pane.

python -m infra.write_facts (part of `make apitypes`); a test finds what is out of date.
"""

import json
from pathlib import Path

from crispdeck.deck.names import DECK_SUFFIXES, DECK_TYPES, suffixes_in_words
from crispdeck.deck.thresholds import PRESETS, ScanOptions
from crispdeck.picture.formats import PictureFormat, with_pixels
from crispdeck.words.sharpness import SHARES

REPOSITORY = Path(__file__).parents[1]

HEAD = "// Made by `make apitypes` from crispdeck/deck and crispdeck/words; not to be edited.\n"


def page_facts() -> str:
    """Return web/static/facts.js: which files are decks."""
    assert set(DECK_TYPES) == DECK_SUFFIXES  # noqa: S101 - one is made from the other
    suffixes = ", ".join(f'"{suffix}"' for suffix in DECK_TYPES)
    return (
        f"{HEAD}\nexport const DECK_SUFFIXES = [{suffixes}];\n\n"
        f'export const DECK_SUFFIXES_IN_WORDS = "{suffixes_in_words("or")}";\n'
    )


def pane_facts() -> str:
    """Return addin/src/server/facts.ts: thresholds, words for sharpness, formats."""
    presets = ", ".join(f"{preset.value}: {ppi:g}" for preset, ppi in PRESETS.items())
    limits = json.dumps([limit for limit, _ in SHARES])
    types = json.dumps(_types_by_suffix(), indent=2)
    suffixes = json.dumps([suffix.lstrip(".") for one in PictureFormat for suffix in one.suffixes])
    return (
        f"{HEAD}\n/** Below so many pixels per inch a picture counts as blurred. */\n"
        f"export const PRESETS = {{ {presets} }} as const;\n\n"
        "/** What an upscale aims at, in pixels per inch. */\n"
        f"export const TARGET_PPI = {ScanOptions.target_ppi:g};\n\n"
        "/** Upper ends of the shares of a screen's pixels that are said in the same words. */\n"
        f"export const SHARE_LIMITS = {limits} as const;\n\n"
        "/** Pictures made of pixels: media types by suffix. */\n"
        f"export const PICTURE_TYPES: Record<string, string> = {types};\n\n"
        "/** Endings of all pictures, drawn ones too. */\n"
        f"export const MEDIA_SUFFIXES = {suffixes} as const;\n"
    )


def _types_by_suffix() -> dict[str, str]:
    return {
        suffix.lstrip("."): one.content_type for one in with_pixels() for suffix in one.suffixes
    }


FILES = {
    Path("web/static/facts.js"): page_facts,
    Path("addin/src/server/facts.ts"): pane_facts,
}


def main() -> None:
    """Write both."""
    for path, text in FILES.items():
        (REPOSITORY / path).write_text(text())


if __name__ == "__main__":
    main()
