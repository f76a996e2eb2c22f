"""The sample deck: made by script, with pictures of every kind; nothing else needs it."""

from crispdeck.sample.deck import write_sample_deck

__all__ = ["write_sample_deck"]
