"""How sharp a picture is beside a screen, in words."""

SHARES = (
    (0.22, "less than a quarter as sharp"),
    (0.29, "about a quarter as sharp"),
    (0.40, "about a third as sharp"),
    (0.58, "about half as sharp"),
    (0.71, "about two thirds as sharp"),
    (0.88, "about three quarters as sharp"),
    (1.15, "just as sharp"),
)
"""Upper limits of the share of a screen's pixels that a picture has along a side. Each limit lies
roughly midway between the fractions on its two sides (1/4 and 1/3, 1/3 and 1/2 …)."""

SHARPER = "sharper"


def sharpness_words(share: float | None) -> str:
    """Say how a picture compares with a full-HD screen: "about half as sharp".

    Args:
        share: picture pixels for each pixel of the screen, over the same distance.
    """
    if share is None:
        return ""
    return next((words for limit, words in SHARES if share < limit), SHARPER)


def sharpness_sentence(share: float | None, screen: str = "a full-HD screen") -> str:
    """Say it with the screen: "about half as sharp as a full-HD screen"."""
    words = sharpness_words(share)
    return f"{words} {'than' if words == SHARPER else 'as'} {screen}" if words else ""
