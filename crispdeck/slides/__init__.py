"""Slides drawn as SVG from their own XML: a likeness to point at, not a rendering."""

from crispdeck.slides.slide import Likeness, draw_slide

__all__ = ["Likeness", "draw_slide"]
