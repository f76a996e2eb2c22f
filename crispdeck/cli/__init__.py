"""The command line `crispdeck`: words in, words out; the work is done elsewhere."""

from crispdeck.cli.program import main

__all__ = ["main"]
