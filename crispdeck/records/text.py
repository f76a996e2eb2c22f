"""Text that a user gave, made fit for a column."""


def one_line(text: str, most: int) -> str:
    """Cut a name that a user gave to what both databases can hold, and to one line of text."""
    clean = text.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else " " for c in clean).strip()[:most]
