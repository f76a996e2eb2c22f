"""Options of a job, as this and other versions write and read them."""

from typing import Any

import pytest

from crispdeck.errors import UnreadableRowError
from crispdeck.queue.names import QueueName
from crispdeck.records.states import PictureState, Stage
from crispdeck.records.work.claims import finish_picture
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import PictureOutcome
from tests.crispdeck.records.world import World
from worker.lab.bench.claims import old_way

DONE = PictureOutcome(state=PictureState.DONE)


@pytest.mark.parametrize(
    "options",
    [
        {**JobOptions().to_json(), "from_the_future": {"a": 1}},
        {name: value for name, value in JobOptions().to_json().items() if name != "look"},
        {},
    ],
    ids=["a key of a newer version", "a key less", "no key"],
)
def test_options_of_another_version_are_read(world: World, options: dict[str, Any]) -> None:
    job, _ = world.prepared(1)
    world.write_options(job, options)
    [claim] = world.claim()
    finish_picture(world.db, claim, DONE)
    assert world.claimed(job, Stage.ASSEMBLE).options.target_ppi == 220.0


def test_what_is_not_understood_of_options_is_kept() -> None:
    newer = {**JobOptions(max_scale=2).to_json(), "from_the_future": [1, 2]}
    assert JobOptions.from_json(newer).to_json() == newer


def test_what_is_missing_of_options_is_as_if_nobody_had_chosen() -> None:
    assert JobOptions.from_json({"layouts": True}) == JobOptions(layouts=True)


def test_rows_keep_the_name_that_older_versions_know() -> None:
    stored = JobOptions(true_size=False).to_json()
    assert stored["look"] is False
    assert "true_size" not in stored
    assert JobOptions.from_json(stored).true_size is False
    assert JobOptions.of_batch({"true_size": False}) == JobOptions.of_batch({"look": False})


def test_a_queue_that_this_version_does_not_know_is_bulk() -> None:
    assert JobOptions.from_json({"queue": "overnight"}).queue is QueueName.BULK


@pytest.mark.parametrize(
    "options",
    [
        None,
        [],
        "x",
        {"pictures": "all"},
        {"target_ppi": "fast"},
        {"true_size": 1},
        {"max_scale": True},
    ],
)
def test_options_that_make_no_sense_are_an_error_with_a_code(options: object) -> None:
    with pytest.raises(UnreadableRowError) as caught:
        JobOptions.from_json(options)
    assert caught.value.code == "row_unreadable"


def test_the_older_version_reads_what_this_one_writes() -> None:
    assert old_way.read_options(JobOptions(pictures=("a",), crispness=0.5).to_json())
