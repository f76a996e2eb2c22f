"""Measure the proof that a picture is the original of a small one, on made pairs."""
