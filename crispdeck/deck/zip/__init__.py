"""The zip container of a deck: its directory, raw copies of entries, and the gate against harm."""
