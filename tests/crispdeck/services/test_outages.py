"""While something is away a worker waits, longer each time, and loses nothing."""

import pytest

from crispdeck.errors import RecordsError, StorageError
from crispdeck.records.database import Database
from crispdeck.records.figures.last_runs import list_away
from crispdeck.services.outages import Outages, patiently
from crispdeck.settings import Settings


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept; nobody sleeps."""
    slept: list[float] = []
    monkeypatch.setattr("crispdeck.services.outages.time.sleep", slept.append)
    return slept


def test_a_write_is_tried_until_the_database_answers(pauses: list[float]) -> None:
    answers = iter([RecordsError("away"), RecordsError("away"), None])

    def write() -> str:
        error = next(answers)
        if error is not None:
            raise error
        return "written"

    assert patiently(write) == "written"
    assert len(pauses) == 2
    assert 0 < pauses[0] <= 0.2
    assert pauses[1] <= 0.4


def test_after_its_patience_the_error_is_raised(pauses: list[float]) -> None:
    def write() -> None:
        raise RecordsError("away")

    with pytest.raises(RecordsError):
        patiently(write, patience_s=0.1)
    assert pauses == []


def test_another_error_is_not_waited_for(pauses: list[float]) -> None:
    def write() -> None:
        raise StorageError("full")

    with pytest.raises(StorageError):
        patiently(write)
    assert pauses == []


def test_an_outage_is_noted_and_lets_the_process_rest_until_it_is_over(
    embedded_settings: Settings,
) -> None:
    db = Database(embedded_settings.effective_database_url)
    db.migrate()
    met = Outages(db, embedded_settings)
    rests = [met.rests]
    assert met.put_off([], StorageError("The object store does not answer.")) == []
    rests.append(met.rests)
    assert [one.data["sentence"] for one in list_away(db)] == ["The object store does not answer."]
    met.over()
    assert [*rests, met.rests] == [False, True, False]
    db.dispose()
