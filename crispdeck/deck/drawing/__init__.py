"""Slides drawn as SVG from their own XML: a likeness to point at, not a rendering."""

from crispdeck.deck.drawing.slide import Look, draw_slide

__all__ = ["Look", "draw_slide"]
