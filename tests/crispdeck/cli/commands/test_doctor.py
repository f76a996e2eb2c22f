"""`crispdeck doctor` says what is wrong, in words and as JSON, and ends with the right code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.settings import Settings
from tests.interpolating_worker import InterpolatingWorker
from tests.office import Office
from tests.small_deck import picture_blob

Cli = Callable[..., Any]


@pytest.fixture
def result_file(data_dir: Path) -> Path:
    """The only result of an installation that made one picture sharp."""
    platform = WorkerPlatform(Settings(data_dir=data_dir), node="test")
    platform.db.migrate()
    office = Office(platform, InterpolatingWorker(platform).upscale)
    job_id = office.picture_job(picture_blob(1, 48))
    office.upscale_all(job_id)
    (row,) = office.pictures(job_id)
    platform.close()
    return data_dir / "objects" / (row.result_key or "")


def test_an_installation_in_order_is_told_so(cli: Cli, result_file: Path) -> None:
    ran = cli("doctor")
    assert ran.code == 0
    assert "all is well" in ran.out


def test_damage_is_named_and_ends_with_1(cli: Cli, result_file: Path) -> None:
    result_file.write_bytes(result_file.read_bytes()[:-20])
    ran = cli("doctor", "--quick")
    assert ran.code == 1
    assert "bytes are not those of its row" in ran.out
    assert result_file.name in ran.out.replace("\n", "")


def test_what_is_repaired_ends_with_0_and_as_json_for_programs(cli: Cli, result_file: Path) -> None:
    result_file.unlink()
    told = json.loads(cli("doctor", "--repair", "--json").out)
    assert [found["repaired"] for found in told["findings"]] == [True]
    assert cli("doctor").code == 0


def test_a_database_that_was_never_set_up_is_a_sentence(cli: Cli, data_dir: Path) -> None:
    ran = cli("doctor")
    assert ran.code == 1
    assert "Traceback" not in ran.out + ran.err
