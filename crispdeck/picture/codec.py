"""Picture files to pixels and back: the door to reading and writing."""

from crispdeck.picture.decoded import DecodedPicture, EncodedPicture
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode

__all__ = ["DecodedPicture", "EncodedPicture", "decode", "encode"]
