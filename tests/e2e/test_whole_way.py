"""A deck goes the whole way, by every road, on both stacks: real processes, real network."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation

from crispdeck.sample import write_sample_deck
from crispdeck.settings import Settings
from tests.decks.enhancing import raw_entries
from tests.decks.package_check import package_problems
from tests.e2e.api_client import ApiClient
from tests.e2e.chromium import chromium
from tests.e2e.faults.running_stack import RunningStack, hasty

TALK = "decks/talks/presentations-3a250a0e.pptx"


@dataclass(frozen=True)
class World:
    """A running Crispdeck and a person who has its key."""

    stack: RunningStack
    api: ApiClient
    address: str
    """As `serve` shows it at the first start, the key in it."""


@pytest.fixture
def world(stack: Settings, tmp_path: Path) -> Iterator[World]:
    running = RunningStack(hasty(stack), tmp_path)
    running.start()
    shown = re.search(r"http://\S+/#key=(\S+)", running.log.read_text())
    assert shown, "the first start shows an address with a key"
    assert "Operators log in at http" in running.log.read_text()
    assert not stack.is_embedded or "superuser" not in running.log.read_text()
    yield World(running, ApiClient(running.settings.port, shown[1]), shown[0])
    running.kill()


@pytest.fixture(scope="module")
def sample() -> bytes:
    out = io.BytesIO()
    write_sample_deck(out)
    return out.getvalue()


@pytest.mark.long
def test_a_deck_comes_back_sharper_and_otherwise_untouched(world: World, sample: bytes) -> None:
    deck, job = _sharpen_over_http(world, sample, "sample.pptx")
    events = world.api.follow(job["id"])
    done = world.api.call("GET", f"/jobs/{job['id']}").json

    low = [picture for picture in deck["pictures"] if picture["verdict"] == "low"]
    assert done["state"] == "done"
    assert done["counts"]["failed"] == done["counts"]["queued"] == 0
    assert done["counts"]["done"] >= 5
    assert [event["seq"] for event in events] == sorted({event["seq"] for event in events})

    enhanced = world.api.call("GET", f"/decks/{deck['id']}/enhanced")
    assert enhanced.status == 200
    assert "sample.crisp.pptx" in enhanced.headers["Content-Disposition"]
    assert _changed_media(sample, enhanced.body)
    assert package_problems(enhanced.body) == []
    assert len(Presentation(io.BytesIO(enhanced.body)).slides) == deck["scan"]["slides"]
    assert _rescanned_low(world, enhanced.body) < len(low)


@pytest.mark.browser
def test_the_page_the_api_and_the_command_line_make_the_same_deck(
    world: World, sample: bytes, tmp_path: Path
) -> None:
    _go_every_way(world, sample, tmp_path)


@pytest.mark.browser
def test_a_real_talk_comes_back_the_same_by_every_way(
    world: World, shared_data: Path, tmp_path: Path
) -> None:
    _go_every_way(world, (shared_data / TALK).read_bytes(), tmp_path)


@pytest.mark.long
def test_a_finished_deck_can_be_reported_on_turned_back_and_deleted(
    world: World, sample: bytes
) -> None:
    deck, job = _sharpen_over_http(world, sample, "sample.pptx")
    world.api.follow(job["id"])
    path = f"/decks/{deck['id']}"

    assert world.api.call("GET", f"{path}/report?format=json").json["sharpened"]
    assert b"<html" in world.api.call("GET", f"{path}/report?format=html").body
    slides = world.api.call("GET", f"{path}/report?format=pptx").body
    assert len(Presentation(io.BytesIO(slides)).slides) > 1

    reverted = world.api.call_json("POST", f"{path}/revert", {"pictures": None})
    assert raw_entries(reverted.body) == raw_entries(sample)

    assert world.api.call("DELETE", path).status == 204
    assert world.api.call("GET", path).status in {404, 410}
    assert world.api.call("GET", f"{path}/enhanced").status in {404, 410}


@pytest.mark.long
def test_a_small_picture_comes_back_larger_in_one_request(world: World) -> None:
    blob = io.BytesIO()
    Image.linear_gradient("L").resize((160, 160)).convert("RGB").save(blob, "PNG")

    headers = {"Content-Type": "image/png", "Prefer": "wait=60"}
    answer = world.api.call("POST", "/pictures?scale=4", blob.getvalue(), headers)

    assert answer.status == 200
    assert answer.headers["Preference-Applied"].startswith("wait")
    assert Image.open(io.BytesIO(answer.body)).size == (640, 640)


def _go_every_way(world: World, deck: bytes, folder: Path) -> None:
    source = folder / "talk.pptx"
    source.write_bytes(deck)

    uploaded, job = _sharpen_over_http(world, deck, source.name)
    world.api.follow(job["id"])
    by_api = world.api.call("GET", f"/decks/{uploaded['id']}/enhanced").body
    _command_line(folder, "enhance", str(source))

    assert _changed_media(deck, by_api)
    assert (folder / "talk.crisp.pptx").read_bytes() == by_api
    assert _by_page(world, source).read_bytes() == by_api


def _by_page(world: World, deck: Path) -> Path:
    """Do what a person does in the browser; return the file that is downloaded."""
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(90_000)
        page.goto(world.address)
        page.get_by_label("Drop a deck here").set_input_files(deck)
        page.get_by_role("button", name=re.compile("Make .* sharp")).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the sharp deck").click()
        saved = deck.with_name("by_page.pptx")
        download.value.save_as(saved)
    return saved


def _sharpen_over_http(
    world: World, deck: bytes, name: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    uploaded = world.api.upload(deck, name)
    assert uploaded.status == 201, uploaded.body
    job = world.api.call_json("POST", f"/decks/{uploaded.json['id']}/jobs", {})
    assert job.status == 202, job.body
    return uploaded.json, job.json


def _changed_media(before: bytes, after: bytes) -> set[str]:
    """The media entries that differ; nothing but media and what points to it may."""
    old, new = raw_entries(before), raw_entries(after)
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    for name in changed:
        if "/media/" not in name and not name.endswith((".rels", "[Content_Types].xml")):
            assert _without_pointers(before, name) == _without_pointers(after, name)
    return {name for name in changed if "/media/" in name}


def _without_pointers(deck: bytes, page: str) -> bytes:
    """A page with the ids of its pictures' relationships taken out."""
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return re.sub(rb'r:embed="[^"]*"', b"", archive.read(page))


def _rescanned_low(world: World, deck: bytes) -> int:
    pictures = world.api.upload(deck, "again.pptx").json["pictures"]
    return sum(picture["verdict"] == "low" for picture in pictures)


def _command_line(folder: Path, *arguments: str) -> None:
    command = [str(Path(sys.executable).with_name("crispdeck")), *arguments]
    env = Settings(data_dir=folder / "cli").to_child_env()
    subprocess.run(command, env=env, check=True, capture_output=True)
