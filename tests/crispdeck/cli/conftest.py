"""A way to run `crispdeck` in this process, and decks to run it on."""

from tests.command_line import cli, data_dir, deck, low_gif, low_jpeg, low_png, make_deck, sharp_png

__all__ = ["cli", "data_dir", "deck", "low_gif", "low_jpeg", "low_png", "make_deck", "sharp_png"]
