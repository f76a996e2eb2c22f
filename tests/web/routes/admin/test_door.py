"""Logging in and out, as a browser does it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from crispdeck.errors import LimitReachedError
from crispdeck.records.people import operators, passwords
from crispdeck.records.people.audit import list_audit
from crispdeck.records.people.operators import create_operator
from crispdeck.records.people.sessions import MOST_PER_NAME_AND_ADDRESS
from crispdeck.records.people.sessions import log_in as log_in_as
from crispdeck.records.roles import Role
from crispdeck.records.tables import OperatorSession
from tests.web.conftest import Web
from tests.web.routes.admin.conftest import PASSWORD, form_secret, log_in


@pytest.fixture(autouse=True)
def anna(web: Web, cheap_passwords: None) -> None:
    create_operator(web.engine.db, "anna", Role.OPERATOR, password=PASSWORD)


def test_the_right_password_opens_the_door_where_one_wanted_to_go(web: Web) -> None:
    sent = web.client.get("/admin/jobs?state=failed")
    assert sent.headers["Location"] == "/admin/login?next=/admin/jobs?state%3Dfailed"
    answer = log_in(web, "anna", next="/admin/jobs?state=failed")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/jobs?state=failed")
    assert "anna" in web.client.get("/admin/").text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/admin/", "//evil.example/admin/", "/\\evil.example", "/api", ""],
)
def test_the_door_leads_to_no_other_site(web: Web, elsewhere: str) -> None:
    assert log_in(web, "anna", next=elsewhere).headers["Location"] == "/admin/"


def test_a_wrong_password_says_no_more_than_that(web: Web) -> None:
    pages = [log_in(web, name, "wrong wrong wrong") for name in ("anna", "nobody")]
    assert [page.status_code for page in pages] == [401, 401]
    words = [re.sub(r'value="[^"]*"|name="csrf"[^>]*', "", page.text) for page in pages]
    assert words[0] == words[1]
    assert "Set-Cookie: crispdeck_operator" not in str(pages[0].headers)


def test_too_many_wrong_passwords_close_the_door_and_say_for_how_long(web: Web) -> None:
    for _ in range(MOST_PER_NAME_AND_ADDRESS):
        log_in(web, "anna", "wrong wrong wrong")
    answer = log_in(web, "anna")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "quarter of an hour" in answer.text


def test_the_cookie_is_out_of_the_reach_of_scripts_and_other_sites(web: Web) -> None:
    cookie = log_in(web, "anna").headers.get_all("Set-Cookie")
    ours = next(each for each in cookie if each.startswith("crispdeck_operator="))
    assert "HttpOnly" in ours
    assert "SameSite=Lax" in ours
    assert "Path=/admin" in ours


def test_over_https_the_cookies_travel_only_there(web: Web) -> None:
    page = web.client.get("/admin/login", base_url="https://localhost")
    assert "Secure" in page.headers["Set-Cookie"]


def test_a_log_in_that_another_site_prepared_is_refused(web: Web) -> None:
    fields = {"csrf": "made up", "name": "anna", "password": PASSWORD}
    assert web.client.post("/admin/login", data=fields).status_code == 403


def test_logging_out_ends_the_session_on_the_server_too(web: Web) -> None:
    log_in(web, "anna")
    kept = web.client.get_cookie("crispdeck_operator", path="/admin")
    assert kept is not None
    secret = form_secret(web.client.get("/admin/"))
    web.client.post("/admin/logout", data={"csrf": secret})
    web.client.set_cookie("crispdeck_operator", kept.value, path="/admin")
    assert web.client.get("/admin/").status_code == 303


def test_an_expired_session_is_none(web: Web) -> None:
    log_in(web, "anna")
    with web.engine.db.session() as session:
        for row in session.query(OperatorSession):
            row.expires_at -= timedelta(hours=13)
    assert web.client.get("/admin/").status_code == 303


def test_a_region_that_refreshes_itself_is_told_to_go_to_the_door(web: Web) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/admin/workers"}
    answer = web.client.get("/admin/workers", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/admin/login?next=/admin/workers"


def test_log_ins_are_audited_the_refused_ones_too(web: Web) -> None:
    log_in(web, "anna", "wrong wrong wrong")
    log_in(web, "anna")
    done = [each.action for each in list_audit(web.engine.db).items]
    assert done == ["operator.login", "operator.login_refused"]


def test_no_password_and_no_token_gets_into_the_pages(web: Web) -> None:
    log_in(web, "anna")
    token = web.client.get_cookie("crispdeck_operator", path="/admin")
    assert token is not None
    for path in ("", "account", "system", "audit"):
        page = web.client.get(f"/admin/{path}").text
        assert token.value not in page
        assert PASSWORD not in page


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(web: Web) -> None:
    other = web.app.test_client()
    secret = form_secret(other.get("/admin/login"))
    other.post("/admin/login", data={"csrf": secret, "name": "anna", "password": PASSWORD})
    log_in(web, "anna")
    fields = {"old": PASSWORD, "new": "another password", "again": "another password"}
    secret = form_secret(web.client.get("/admin/account"))
    answer = web.client.post("/admin/account/password", data={"csrf": secret, **fields})
    assert answer.status_code == 303
    assert web.client.get("/admin/account").status_code == 200
    assert other.get("/admin/account").status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"old": "not this one", "new": "x" * 12, "again": "x" * 12}, "present password"),
        ({"old": PASSWORD, "new": "x" * 12, "again": "y" * 12}, "differ"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "12 to 200"),
    ],
)
def test_a_password_is_not_changed_without_good_reason(
    web: Web, fields: dict[str, str], words: str
) -> None:
    log_in(web, "anna")
    secret = form_secret(web.client.get("/admin/account"))
    answer = web.client.post("/admin/account/password", data={"csrf": secret, **fields})
    assert answer.status_code == 422
    assert words in answer.text


def test_many_wrong_log_ins_at_once_are_no_more_than_one_after_the_other(web: Web) -> None:
    checked: list[str] = []
    verify = passwords.fits

    def fits(stored: str | None, password: str) -> bool:
        checked.append(password)
        time.sleep(0.05)
        return verify(stored, password)

    def wrong(number: int) -> object:
        try:
            return log_in_as(web.engine.db, "anna", f"wrong {number}", address="10.0.0.1")
        except LimitReachedError as error:
            return error

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(30) as threads:
        patch.setattr(operators, "fits", fits)
        ended = list(threads.map(wrong, range(60)))
    assert len(checked) == MOST_PER_NAME_AND_ADDRESS
    assert sum(isinstance(one, LimitReachedError) for one in ended) == 55


def test_few_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    working, most = [], []

    class Slow:
        def verify(self, _stored: str, _password: str) -> bool:
            working.append(1)
            most.append(len(working))
            time.sleep(0.02)
            working.pop()
            return True

    monkeypatch.setattr(passwords, "HASHER", Slow())
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda _: passwords.fits("x", "y"), range(20)))
    assert max(most) <= passwords.HASHES_AT_ONCE


def test_the_present_password_is_not_guessed_at_the_account_page_either(web: Web) -> None:
    log_in(web, "anna")
    for attempt in range(MOST_PER_NAME_AND_ADDRESS + 2):
        secret = form_secret(web.client.get("/admin/account"))
        fields = {"old": f"wrong {attempt}", "new": "a new good one", "again": "a new good one"}
        answer = web.client.post("/admin/account/password", data={"csrf": secret, **fields})
    assert answer.status_code == 429
    done = [each.action for each in list_audit(web.engine.db).items]
    assert "operator.password_refused" in done


@pytest.mark.parametrize(
    "common",
    [
        *("aaaaaaaaaaaa", "abcabcabcabc", "password1234", "Passwort2026!", "qwertzuiop12"),
        *("123456789012", "adminadmin12", "anna-anna-2026", "P@ssw0rd2026", "letmein12345"),
        *("Crispdeck2026!", "welcome-2026", "correcthorsebatterystaple", "1qaz2wsx3edc"),
    ],
)
def test_a_password_that_everybody_tries_first_is_refused(web: Web, common: str) -> None:
    log_in(web, "anna")
    secret = form_secret(web.client.get("/admin/account"))
    fields = {"old": PASSWORD, "new": common, "again": common}
    answer = web.client.post("/admin/account/password", data={"csrf": secret, **fields})
    assert (answer.status_code, "first that anybody would try" in answer.text) == (422, True)


@pytest.mark.parametrize("good", ["maple-orbit-thistle", "kx7vq2mwz9pt", "Zwölf grüne Ameisen"])
def test_a_password_of_ones_own_is_taken(good: str) -> None:
    passwords.check_choice(good, "anna")
    passwords.check_choice(passwords.new_password(), "anna")


@pytest.mark.parametrize("wanted", ["/admin/x\r\nSet-Cookie: a=b", "/admin/a\nb"])
def test_an_address_with_line_breaks_is_a_bad_request(web: Web, wanted: str) -> None:
    assert web.client.get("/admin/login", query_string={"next": wanted}).status_code == 400
    secret = form_secret(web.client.get("/admin/login"))
    fields = {"csrf": secret, "name": "anna", "password": PASSWORD, "next": wanted}
    assert web.client.post("/admin/login", data=fields).status_code == 400


def test_under_tls_cookies_belong_to_this_host_and_browsers_come_back_by_tls(web: Web) -> None:
    base = {"base_url": "https://localhost"}
    page = web.client.get("/admin/login", **base)
    assert page.headers["Set-Cookie"].startswith("__Host-crispdeck_door=")
    assert "Path=/;" in page.headers["Set-Cookie"]
    assert int(page.headers["Strict-Transport-Security"].removeprefix("max-age=")) >= 31_536_000
    fields = {"csrf": form_secret(page), "name": "anna", "password": PASSWORD}
    answer = web.client.post("/admin/login", data=fields, **base)
    assert any(
        one.startswith("__Host-crispdeck_operator=") and "Secure" in one and "Domain" not in one
        for one in answer.headers.getlist("Set-Cookie")
    )
    assert web.client.get("/admin/", **base).status_code == 200
    assert "Strict-Transport-Security" not in web.client.get("/healthz").headers
