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


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("help@contoso.com", 'href="mailto:help@contoso.com"'),
        ("https://contoso.com/help", 'href="https://contoso.com/help"'),
    ],
)
def test_the_support_page_names_whom_to_ask(
    start_web: Callable[..., Web], contact: str, link: str
) -> None:
    assert link in start_web(support_contact=contact).client.get("/support").get_data(as_text=True)


def test_without_a_contact_it_names_none(web: Web) -> None:
    assert "Help for this server" not in web.client.get("/support").get_data(as_text=True)
