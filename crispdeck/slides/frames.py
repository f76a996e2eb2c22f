"""What stands in a p:graphicFrame that is no table, by its name."""

from lxml import etree

from crispdeck.deck.opc.markup import A

_LABELS = {"chart": "chart", "diagram": "diagram", "ole": "object", "media": "film"}


def frame_label(frame: etree._Element) -> str:
    """Name what a frame holds, by the address of its vocabulary."""
    data = frame.find(f"{A}graphic/{A}graphicData")
    uri = "" if data is None else data.get("uri", "")
    return next((label for word, label in _LABELS.items() if word in uri), "object")
