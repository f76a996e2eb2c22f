"""A picture's placement on a slide, where a test minds only some of it."""

from typing import Any

from crispdeck.deck.model import Placement, PlacementKind, Scope


def placement(**other: Any) -> Placement:
    """A picture on slide 1, but for the fields that are named."""
    fields: dict[str, Any] = {
        "id": "1",
        "scope": Scope.SLIDE,
        "kind": PlacementKind.PICTURE,
        "slide": 1,
        "page_part": "ppt/slides/slide1.xml",
        "shape_id": 2,
        "shape_name": "Picture",
        "alt_text": "",
        "rel_id": "rId2",
        "part": "ppt/media/image1.png",
    }
    return Placement(**fields | other)
