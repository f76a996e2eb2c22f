"""The one bitmap that is all a metafile or an SVG holds: found, and replaced in its place.

Pasted screenshots often end up so in old decks: drawings by name, pixels in truth. Nothing is drawn
here. What stands around the bitmap keeps every byte, but for the lengths that must grow with it.
"""

from crispdeck.picture.drawings.find import MAX_DRAWING_BYTES, find_bitmap
from crispdeck.picture.drawings.model import DrawnBitmap, NewBitmap, RawBitmap

__all__ = ["MAX_DRAWING_BYTES", "DrawnBitmap", "NewBitmap", "RawBitmap", "find_bitmap"]
