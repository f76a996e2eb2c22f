"""What is said of webhooks."""

from crispdeck.words.numbers import DASH

_WHY = {
    "address_refused": "its address is private, or not allowed here",
    "name_unknown": "its name leads to no address",
    "certificate_refused": "its certificate is not valid",
    "no_answer": "it did not answer in time",
    "redirected": "it sent us elsewhere, and redirects are not followed",
    "not_taken": "it did not take it",
}


def delivery_words(code: str | None, status: int | None) -> str:
    """Say how the last attempt ended: "it did not take it (500)".

    Args:
        code: why it failed; None: it was taken, or has not been tried.
        status: of the answer.
    """
    if code is None:
        return f"taken ({status})" if status else DASH
    words = _WHY.get(code, code)
    return f"{words} ({status})" if status else words


def url_words() -> str:
    """Say what an address must be."""
    return "A webhook's address is https://HOST/PATH, without a name, a password or a #."


def https_words() -> str:
    """Say why http is refused."""
    return (
        "A webhook's address begins with https://; http:// is for the networks of"
        " CRISPDECK_WEBHOOK_NETWORKS alone."
    )
