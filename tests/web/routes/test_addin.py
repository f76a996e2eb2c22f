"""/addin/: the built pane with the headers that Office needs, and manifests with our address."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml.etree import fromstring as parse_xml

from crispdeck.records.people.keys import Scope
from tests.web.conftest import Headers, Web
from web.routes.addin import ID_PLACEHOLDER, addin_id


@pytest.fixture
def pane(tmp_path: Path, start_web: Callable[..., Web]) -> Web:
    """An app that serves a pane of three files."""
    folder = tmp_path / "pane"
    for name, text in {
        "taskpane.html": "<!doctype html><title>Crispdeck</title>",
        "assets/taskpane-1a2b.js": "export {};",
        "icons/color.png": "png",
        "icons/outline.png": "png",
        "manifest.xml": '<SourceLocation DefaultValue="https://crispdeck.example/addin/taskpane.html"/>',
        "manifest.json": f'{{"id": "{ID_PLACEHOLDER}", "domain": "https://crispdeck.example", '
        '"page": "https://crispdeck.example/addin/taskpane.html"}',
        "package/de-de.json": '{"name.short": "Crispdeck"}',
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return start_web(addin_dir=str(folder), addin_hosts="https://office.test")


def headers_of(web: Web, path: str) -> Headers:
    with web.client.get(path) as answer:
        return dict(answer.headers)


def test_office_may_frame_the_pane_and_nobody_else(pane: Web) -> None:
    headers = headers_of(pane, "/addin/taskpane.html")
    policy = dict(
        line.partition(" ")[::2] for line in headers["Content-Security-Policy"].split("; ")
    )
    assert policy["frame-ancestors"] == "'self' https://office.test"
    assert policy["script-src"] == "'self' https://appsforoffice.microsoft.com"
    assert policy["default-src"] == "'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert "X-Frame-Options" not in headers
    elsewhere = headers_of(pane, "/")
    assert "frame-ancestors 'none'" in elsewhere["Content-Security-Policy"]
    assert elsewhere["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_new_version_is_seen_at_once_and_its_files_are_kept(pane: Web) -> None:
    assert headers_of(pane, "/addin/taskpane.html")["Cache-Control"] == "no-cache"
    script = headers_of(pane, "/addin/assets/taskpane-1a2b.js")["Cache-Control"]
    assert script == "public, max-age=31536000, immutable"
    assert "Cache-Control" not in headers_of(pane, "/addin/icons/color.png")


@pytest.mark.parametrize("name", ["manifest.xml", "manifest.json"])
def test_a_manifest_names_this_server(pane: Web, name: str) -> None:
    text = pane.client.get(f"/addin/{name}", base_url="https://crisp.corp").get_data(as_text=True)
    assert "https://crisp.corp" in text
    assert "crispdeck.example" not in text


def test_the_package_holds_manifest_and_icons(pane: Web) -> None:
    blob = pane.client.get("/addin/crispdeck-addin.zip").data
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        assert archive.namelist() == ["manifest.json", "color.png", "outline.png", "de-de.json"]


def test_each_server_has_an_id_of_its_own_and_keeps_it(pane: Web) -> None:
    def id_at(host: str) -> str:
        answer = pane.client.get("/addin/manifest.json", base_url=host)
        found: str = json.loads(answer.get_data())["id"]
        return found

    ours, test = id_at("https://crisp.corp"), id_at("https://crisp-test.corp")
    assert len({ours, test, ID_PLACEHOLDER}) == 3
    assert id_at("https://crisp.corp") == ours == addin_id("https://crisp.corp")


def issued_key(web: Web, *scopes: Scope) -> str:
    return web.new_key(*scopes)["Authorization"].removeprefix("Bearer ")


def test_a_manifest_for_an_organisation_brings_the_key_that_connects(pane: Web) -> None:
    key = issued_key(pane, Scope.CONNECT)
    asked = {"connect": key, "domain_hint": "contoso.com"}
    page = f"https://crisp.corp/addin/taskpane.html?connect={key}&domain_hint=contoso.com"
    xml = pane.client.post("/addin/manifest.xml", data=asked, base_url="https://crisp.corp")
    assert parse_xml(xml.data).get("DefaultValue") == page
    blob = pane.client.post("/addin/crispdeck-addin.zip", data=asked, base_url="https://crisp.corp")
    with zipfile.ZipFile(io.BytesIO(blob.data)) as archive:
        assert json.loads(archive.read("manifest.json"))["page"] == page
    plain = pane.client.get("/addin/manifest.xml", base_url="https://crisp.corp")
    assert key not in plain.get_data(as_text=True)


@pytest.mark.parametrize("scopes", [(Scope.DECKS,), (Scope.CONNECT, Scope.DECKS), tuple(Scope)])
def test_a_key_that_may_do_more_than_connect_never_gets_into_a_manifest(
    pane: Web, scopes: tuple[Scope, ...]
) -> None:
    key = issued_key(pane, *scopes)
    answer = pane.client.post("/addin/manifest.xml", data={"connect": key})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request_invalid")
    assert key not in answer.get_data(as_text=True)


def test_the_form_for_organisations_may_be_sent_from_its_page(pane: Web) -> None:
    assert "form-action 'self'" in headers_of(pane, "/addin/")["Content-Security-Policy"]
    assert "form-action 'none'" in headers_of(pane, "/")["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["nothing.js", "../taskpane.html", "..%2f..%2fetc/passwd"])
def test_only_files_of_the_pane_are_given(pane: Web, name: str) -> None:
    assert pane.client.get(f"/addin/{name}").status_code == 404


def test_without_a_built_pane_it_says_how_to_build_it(
    tmp_path: Path, start_web: Callable[..., Web]
) -> None:
    web = start_web(addin_dir=str(tmp_path / "none"))
    for name in ("taskpane.html", "manifest.xml"):
        answer = web.client.get(f"/addin/{name}")
        assert answer.status_code == 404
        assert "make addin" in answer.get_json()["detail"]


def test_the_page_about_it_tells_how_to_install_it_and_what_is_missing(pane: Web) -> None:
    text = pane.client.get("/addin/", base_url="https://crisp.corp").get_data(as_text=True)
    assert "/addin/manifest.xml" in text
    assert "over https only" not in text
    assert "over https only" in pane.client.get("/addin/").get_data(as_text=True)
