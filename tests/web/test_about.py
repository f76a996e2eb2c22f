"""/privacy, /terms, /support: pages for everybody, which say what this server really does."""

from collections.abc import Callable

import pytest

from tests.web.conftest import Web


@pytest.mark.parametrize("path", ["/privacy", "/terms", "/support"])
def test_everybody_may_read_it_without_a_key(start_web: Callable[..., Web], path: str) -> None:
    answer = start_web().client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("days", "words"), [(1, "one day"), (7, "7 days"), (0.5, "0.5 days")])
def test_it_says_how_long_this_server_keeps_pictures(
    start_web: Callable[..., Web], days: float, words: str
) -> None:
    text = start_web(retention_days=days).client.get("/privacy").get_data(as_text=True)
    assert f"kept for {words}" in " ".join(text.split())
