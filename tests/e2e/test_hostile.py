"""Hostile decks meet the real processes: each gets its code, no memory goes, nobody dies."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crispdeck.settings import Settings
from tests.e2e.api_client import ApiClient
from tests.e2e.faults.running_stack import RunningStack, hasty
from tests.hostile_decks import REFUSED, TAKEN, sound_deck

MOST_GROWTH_MB = 300


@pytest.fixture
def running(stack: Settings, tmp_path: Path) -> Iterator[RunningStack]:
    made = RunningStack(hasty(stack), tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def api(running: RunningStack) -> ApiClient:
    shown = re.search(r"#key=(\S+)", running.log.read_text())
    assert shown
    return ApiClient(running.settings.port, shown[1])


@pytest.mark.long
def test_hostile_decks_are_refused_in_little_memory_and_nobody_dies(
    running: RunningStack, api: ApiClient
) -> None:
    assert sharpen(api, sound_deck()) == "done"
    before_mb = peaks_mb(running)

    for name, (make, code) in REFUSED.items():
        answer = api.upload(make(), "hostile.pptx")
        assert 400 <= answer.status < 500, (name, answer.body)
        assert answer.json["code"] == code, name
    for name, make in TAKEN.items():
        assert sharpen(api, make()) == "done", name

    after_mb = peaks_mb(running)
    assert after_mb.keys() == before_mb.keys(), "a process died"
    grown = {pid: after_mb[pid] - before_mb[pid] for pid in after_mb}
    assert max(grown.values()) < MOST_GROWTH_MB, grown
    assert sharpen(api, sound_deck()) == "done"


def sharpen(api: ApiClient, deck: bytes) -> str:
    """Hand in a deck, ask for all that is low in it, and return how the job ended."""
    uploaded = api.upload(deck, "deck.pptx")
    assert uploaded.status == 201, uploaded.body
    job = api.call_json("POST", f"/decks/{uploaded.json['id']}/jobs", {})
    assert job.status == 202, job.body
    api.follow(job.json["id"])
    state: str = api.call("GET", f"/jobs/{job.json['id']}").json["state"]
    return state


def peaks_mb(running: RunningStack) -> dict[int, float]:
    """The most memory that each process of the stack has had so far (proc(5), VmHWM)."""
    peaks = {}
    for process in running.family():
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert peak
        peaks[process.pid] = int(peak[1]) / 1024
    return peaks
