"""Slides drawn as SVG from their own XML: a likeness to point at, not a rendering."""

from crispdeck.slides.slide import Look, draw_slide

__all__ = ["Look", "draw_slide"]
