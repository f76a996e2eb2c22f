"""A drained worker really takes nothing, with real consumers, on both stacks; others go on."""

import pytest

from crispdeck.records.states import EventKind, JobState
from crispdeck.records.work.drains import drain, node_of, resume
from crispdeck.records.work.heartbeats import workers
from tests.e2e.faults.running_stack import RunningStack, wait_until
from tests.small_deck import deck_of, picture_blob

pytestmark = pytest.mark.fault

PICTURES = 12


def nodes(running: RunningStack) -> dict[str, str]:
    """The nodes of the living upscaling workers by the first part of their names."""
    return {
        node_of(found.worker).partition("@")[0]: node_of(found.worker)
        for found in workers(running.db, silent_s=5)
        if "bulk" in found.queues
    }


def who_worked(running: RunningStack, job_id: str) -> set[str]:
    return {
        node_of(event.data["worker"])
        for event in running.events(job_id)
        if event.kind is EventKind.PICTURE_RUNNING
    }


def test_all_work_goes_to_the_one_that_is_not_drained(running: RunningStack) -> None:
    first_deck, second_deck = (
        deck_of([picture_blob(seed, 64) for seed in range(start, start + PICTURES)])
        for start in (0, PICTURES)
    )
    with running.second_worker():
        wait_until(lambda: set(nodes(running)) >= {"upscale", "second"}, "both workers beat")
        found = nodes(running)
        drain(running.db, found["upscale"], actor="test")
        job_id = running.submit(first_deck)
        assert running.wait_for_end(job_id).state is JobState.DONE
        assert who_worked(running, job_id) == {found["second"]}

        resume(running.db, found["upscale"])
        drain(running.db, found["second"], actor="test")
        job_id = running.submit(second_deck)
        assert running.wait_for_end(job_id).state is JobState.DONE
        assert who_worked(running, job_id) == {found["upscale"]}
