"""The first bytes name the format, whatever the file is called."""

import gzip

import pytest

from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff

EMF = b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(20)
BMP = b"BM" + bytes(12) + (40).to_bytes(4, "little") + bytes(36)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (BMP, "bmp"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        (EMF, "emf"),
        (b"\xd7\xcd\xc6\x9a\0\0", "wmf"),
        (b"\x01\x00\x09\x00\x00\x03", "wmf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- made by hand -->\n<svg>", "svg"),
        (b"<?xml version='1.0'?><s:svg xmlns:s='http://www.w3.org/2000/svg'>", "svg"),
        (b"II\xbc\x01", "wdp"),
        (b"%PDF-1.7", "pdf"),
        (gzip.compress(EMF, mtime=0), "emf"),
        (gzip.compress(b"<svg/>", mtime=0), "svg"),
        (b"", "unknown"),
        (b"BM is how this text begins, and it is no bitmap", "unknown"),
        (b"<html><body>no picture</body></html>", "unknown"),
        (gzip.compress(b"\x89PNG\r\n\x1a\n", mtime=0), "unknown"),
        (gzip.compress(gzip.compress(EMF, mtime=0), mtime=0), "unknown"),
        (b"\x1f\x8bgarbage", "unknown"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "unknown"),
    ],
)
def test_the_first_bytes_name_the_format(head: bytes, expected: str) -> None:
    assert sniff(head) == expected


def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert sniff(bomb[:SNIFF_BYTES]) is PictureFormat.UNKNOWN


def test_every_format_has_a_content_type_and_an_extension() -> None:
    for each in PictureFormat:
        assert "/" in each.content_type
        assert each.extension.isalnum()
    assert PictureFormat.JPEG.content_type == "image/jpeg"
    assert PictureFormat.UNKNOWN.extension == "bin"


def test_no_format_is_both_vector_and_raster() -> None:
    assert not any(each.is_vector and each.is_raster for each in PictureFormat)
