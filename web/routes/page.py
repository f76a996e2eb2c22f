"""The page at /: drop a deck, watch, take the result. All its data comes from the API."""

from flask import Blueprint, render_template

from crispdeck.deck.names import DECK_TYPES, suffixes_in_words
from crispdeck.deck.thresholds import PRESETS, Preset, ScanOptions
from crispdeck.words.numbers import size_words
from web.auth import public
from web.engine import engine

page = Blueprint("page", __name__)

PRESET_WORDS = {
    Preset.STRICT: "only the very blurred",
    Preset.NORMAL: "blurred pictures",
    Preset.WIDE: "all that could be sharper",
}

TARGETS = (
    (150, "a full-HD screen"),
    (int(ScanOptions.target_ppi), "a good print"),
    (300, "a 4K screen"),
)
"""What the page offers to aim at, in pixels per inch: a 13.33 in wide slide has 144 on a full-HD
screen and 288 on a 4K screen."""


@page.get("/")
@public
def index() -> str:
    """Give the page; it holds no secret and no data."""
    settings = engine().settings
    days = settings.retention_days
    return render_template(
        "index.html",
        max_deck_bytes=settings.max_deck_bytes,
        max_deck_size=size_words(settings.max_deck_bytes),
        deck_kinds=suffixes_in_words("or"),
        deck_suffixes=list(DECK_TYPES),
        presets=[(int(PRESETS[preset]), words) for preset, words in PRESET_WORDS.items()],
        low_ppi=int(ScanOptions.low_ppi),
        targets=TARGETS,
        target_ppi=int(ScanOptions.target_ppi),
        retention="one day" if days == 1 else f"{days:g} days",
    )


@page.get("/review")
@public
def review() -> str:
    """Give the page behind a review link; the link's key stands behind # and is not sent."""
    return render_template("review.html")
