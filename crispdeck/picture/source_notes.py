"""What people should know of a file that was read; names alone, words are elsewhere."""

from enum import StrEnum


class SourceNote(StrEnum):
    """What was wrong with a file and forgiven, or could not be carried over; for people to know."""

    NO_END = "no_end"
    WRONG_CHECKSUM = "wrong_checksum"
    STRAY_BYTES = "stray_bytes"
    SMALL_SCREEN = "small_screen"
    GAIN_MAP_LOST = "gain_map_lost"
