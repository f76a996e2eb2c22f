"""How numbers are said: bytes, counts, pixels per inch."""

BYTE_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")
"""Decimal, as the SI and IEC 80000-13 define them and as disks and networks are sold."""

DASH = "–"
"""Stands where there is no number."""


def size_words(size_bytes: float) -> str:
    """Say a number of bytes: 812 bytes, 34 kB, 1.2 MB.

    The one way for the command line, the reports and all pages; `size` in web/static/words.js
    says the same, and one table of examples tests both.
    """
    amount, unit = float(size_bytes), 0
    while amount >= 999.5:
        amount, unit = amount / 1000, unit + 1
    is_whole = unit < 2 or amount >= 99.95
    return f"{amount:.0f} {BYTE_UNITS[unit]}" if is_whole else f"{amount:.1f} {BYTE_UNITS[unit]}"


def count_words(count: int, one: str, many: str = "") -> str:
    """Say "1 picture" or "3,000 pictures"; the one way in which anything is counted in words.

    Args:
        count: how many.
        one: the noun for one.
        many: the noun for any other number; empty: `one` with an s.
    """
    # Some languages have more than two forms: there gettext's ngettext(one, many, count) decides.
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def ppi_words(ppi: float | None) -> str:
    """Round pixels per inch; a dash where there are none."""
    return DASH if ppi is None else f"{ppi:.0f}"
