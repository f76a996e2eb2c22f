"""The numbers of a fingerprint that are looked up: bands of its frame's hash, and words.

Who only stores them needs no OpenCV for it.
"""

BANDS = 4  # parts of a hash, one of which must be met but for one bit; see NEAR_BITS
BAND_BITS = 16  # 64 bits in four bands
WORD_BITS = 24  # of a feature's hash: 2 ** 24 words, so that few are shared by chance
NEAR_BITS = 7
"""Hashes that differ in so many bits always share a band, but for one bit of it: 4 * 2 - 1."""


def bands_of(frame: int) -> tuple[int, ...]:
    """Split a hash of the frame into BANDS numbers."""
    return tuple(frame >> BAND_BITS * at & (1 << BAND_BITS) - 1 for at in range(BANDS))


def near_bands(frame: int) -> list[tuple[int, int]]:
    """List (band, number) that hashes within NEAR_BITS have at least one of."""
    flips = (0, *(1 << bit for bit in range(BAND_BITS)))
    return [(at, number ^ flip) for at, number in enumerate(bands_of(frame)) for flip in flips]
