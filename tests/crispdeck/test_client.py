"""The client does what it says on a real server, and asks for what the API has alone."""

import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("flask")

from werkzeug.serving import make_server

from crispdeck import client as module
from crispdeck.client import Crispdeck, CrispdeckProblem
from tests.web.conftest import Web, deck_blob, start_web, web, working

__all__ = ["start_web", "web", "working"]


@pytest.fixture
def crispdeck(web: Web) -> Iterator[Crispdeck]:
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    key = web.key["Authorization"].removeprefix("Bearer ")
    yield Crispdeck(f"http://127.0.0.1:{server.server_port}/", key)
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.mark.usefixtures("working")
def test_a_deck_comes_back_sharp_with_its_report_and_nothing_is_left_there(
    crispdeck: Crispdeck, tmp_path: Path
) -> None:
    source = tmp_path / "Größe 100%.pptx"
    source.write_bytes(deck_blob())
    target, report = tmp_path / "out" / "sharp.pptx", tmp_path / "out" / "report.html"
    done = crispdeck.enhance(source, target, report=report, options={"target_ppi": 150})
    assert (done.changed, done.failed) == (2, 0)
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target) as after:
        changed = [n for n in before.namelist() if before.read(n) != after.read(n)]
    assert changed == ["ppt/media/image1.png", "ppt/media/image2.png"]
    assert "Größe 100%" in report.read_text()
    assert sorted(path.name for path in target.parent.iterdir()) == ["report.html", "sharp.pptx"]
    assert crispdeck.call("GET", "/decks")["items"] == []


def test_a_refusal_has_the_code_to_branch_on(crispdeck: Crispdeck, tmp_path: Path) -> None:
    source = tmp_path / "talk.pptx"
    source.write_bytes(b"no deck")
    with pytest.raises(CrispdeckProblem) as refused:
        crispdeck.enhance(source, tmp_path / "out.pptx")
    assert (refused.value.code, refused.value.status) == ("deck_not_a_deck", 415)
    assert not (tmp_path / "out.pptx").exists()


@pytest.mark.usefixtures("working")
def test_a_deck_with_nothing_blurred_writes_nothing(crispdeck: Crispdeck, tmp_path: Path) -> None:
    source = tmp_path / "talk.pptx"
    source.write_bytes(deck_blob(0))
    assert crispdeck.enhance(source, tmp_path / "out.pptx").changed == 0
    assert not (tmp_path / "out.pptx").exists()


def test_every_address_and_field_of_the_client_is_in_the_document(web: Web) -> None:
    document = web.client.get("/api/openapi.json").get_json()
    text = Path(module.__file__).read_text()
    served = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1")))
        for path, methods in document["paths"].items()
        for method in methods
    }
    called = {
        (method, re.sub(r"\{[^}]+\}", "{}", path.partition("?")[0]))
        for method, path in re.findall(r'"(GET|POST|DELETE)", f?"(/[^"]+)"', text)
    } | {
        ("GET", re.sub(r"\{[^}]+\}", "{}", path.partition("?")[0]))
        for path in re.findall(r'save\(f"(/[^"]+)"', text)
    }
    assert len(called) == 7
    assert called <= served
    schemas = document["components"]["schemas"]
    for schema, fields in (
        ("JobDetail", {"id", "state", "code", "detail", "summary", "counts"}),
        ("EventPage", {"ended", "next_after"}),
        ("DeckOut", {"id"}),
        ("Counts", {"failed"}),
    ):
        assert fields <= set(schemas[schema]["properties"]), schema
