"""Cut out of a page's bytes what cannot show a picture, so that it need not be parsed."""

_PLAIN = (b"sp", b"cxnSp", b"graphicFrame", b"timing")
"""Elements of p: that hold most of a slide's markup, and never one of their own name."""

_OPAQUE = (b"<!--", b"<![CDATA[")


def without_plain_shapes(blob: bytes) -> bytes:
    """Return the page without shapes, connectors, frames and timings that name no blip.

    What is cut is balanced where the page is well-formed, so ancestors and order of all that
    stays are the same; where the page is not, the result may be not well-formed either.
    Pages with comments or CDATA, in which tags are mere text, are returned unchanged.
    """
    if any(mark in blob for mark in _OPAQUE):
        return blob
    for name in _PLAIN:
        start, end = b"<p:" + name + b">", b"</p:" + name + b">"
        head, *pieces = blob.split(start)
        kept = [head]
        for piece in pieces:
            element, closing, rest = piece.partition(end)
            is_plain = closing and b"blip" not in element
            kept.append(rest if is_plain else start + piece)
        blob = b"".join(kept)
    return blob
