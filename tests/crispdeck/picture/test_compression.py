"""One number for how coarse a file's compression was: ordered, bounded, and set by the decoder."""

import io

import pytest
from PIL import Image

from crispdeck.picture.compression import LOSSLESS, LOSSY_WEBP, compression_of
from crispdeck.picture.reading import decode


def compression_of_file(format_name: str, **options: object) -> float:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, format_name, **options)
    return decode(file.getvalue(), max_px=1 << 20).compression


def test_it_grows_as_quality_falls_and_stays_within_0_and_1() -> None:
    values = [compression_of_file("JPEG", quality=quality) for quality in range(1, 101)]
    assert values == sorted(values, reverse=True)
    assert values[0] == 1.0
    assert values[-1] == 0.125


@pytest.mark.parametrize(("quality", "expected"), [(95, 0.16), (75, 0.39), (50, 0.50), (25, 0.62)])
def test_known_qualities(quality: int, expected: float) -> None:
    assert compression_of_file("JPEG", quality=quality) == pytest.approx(expected, abs=0.005)


def test_only_luma_and_its_low_frequencies_count() -> None:
    table = [2] * 64
    # The last entry is the highest frequency; the second table is for colour.
    assert compression_of({0: [*table[:-1], 255], 1: [99] * 64}) == compression_of({0: table})
    assert compression_of({0: [255, *table[1:]]}) > compression_of({0: table})


@pytest.mark.parametrize("format_name", ["PNG", "GIF", "BMP", "TIFF"])
def test_lossless_files_are_lossless(format_name: str) -> None:
    assert compression_of_file(format_name) == LOSSLESS


def test_webp_is_known_by_kind_only() -> None:
    assert compression_of_file("WEBP", quality=50) == LOSSY_WEBP
    assert compression_of_file("WEBP", lossless=True) == LOSSLESS


def test_tables_of_16_bits_end_at_1() -> None:
    assert compression_of({0: [65535] * 64}) == 1.0


@pytest.mark.parametrize("tables", [{}, {0: []}, {0: [1] * 63}])
def test_what_is_no_table_is_refused(tables: dict[int, list[int]]) -> None:
    with pytest.raises(ValueError, match="quantisation table"):
        compression_of(tables)
