"""The heartbeat renews what is held, forgets what was lost, and signs off at the end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import _GeneratorContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Picture
from crispdeck.records.work.claims import claim_pictures, finish_picture
from crispdeck.records.work.heartbeats import workers
from crispdeck.records.work.job import create_picture_job
from crispdeck.records.work.sweep import sweep
from crispdeck.records.work.values import NewPicture, PictureClaim, PictureOutcome
from crispdeck.services.leases import LeaseKeeper

LEASE_S = 30.0
LIMIT_S = 20.0


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'records.db'}")
    made.migrate()
    yield made
    made.dispose()


@pytest.fixture
def claim(db: Database) -> PictureClaim:
    picture = NewPicture(
        parts=(),
        sha256="0" * 64,
        source_key=f"t/pictures/{new_id()}/0",
        source_format="png",
        source_bytes=1,
        width_px=10,
        height_px=10,
        scale=2,
    )
    create_picture_job(db, create_tenant(db, "a tenant"), picture, retention_days=1)
    (claimed,) = claim_pictures(
        db, worker="w", picture_id="", limit=1, max_px=10**6, lease_s=LEASE_S
    )
    return claimed


def lease_until(db: Database) -> datetime:
    with db.reading() as session:
        found = session.scalars(select(Picture.lease_until)).one()
        assert found is not None
        return found


def let_lease_run_out(db: Database) -> None:
    with db.session() as session:
        row = session.scalars(select(Picture)).one()
        row.lease_until = db.now(session) - timedelta(seconds=1)


def test_what_is_held_is_renewed(db: Database, claim: PictureClaim) -> None:
    keeper = LeaseKeeper(db, "w", ["bulk"], lease_s=LEASE_S)
    before = lease_until(db)
    with keeper.holding([claim]):
        keeper.tick()
        assert lease_until(db) > before
    after = lease_until(db)
    keeper.tick()
    assert lease_until(db) == after


def test_what_was_taken_back_is_not_renewed_and_hurts_nobody(
    db: Database, claim: PictureClaim, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = LeaseKeeper(db, "w", ["bulk"], lease_s=LEASE_S)
    with keeper.holding([claim]):
        let_lease_run_out(db)
        sweep(db, stale_queued_s=60, max_attempts=3)
        keeper.tick()
        keeper.tick()
    lost = [record for record in caplog.records if claim.id in record.getMessage()]
    assert len(lost) == 1
    with db.reading() as session:
        assert session.scalars(select(Picture)).one().lease_until is None


def test_the_heartbeat_tells_the_queues_and_the_rows_in_work(
    db: Database, claim: PictureClaim
) -> None:
    keeper = LeaseKeeper(db, "w", ["bulk", "interactive"], lease_s=LEASE_S)
    with keeper.holding([claim]):
        keeper.tick()
        (alive,) = workers(db)
        assert (alive.worker, alive.queues) == ("w", ("bulk", "interactive"))
        assert alive.doing == {"rows": [claim.id]}
    keeper.tick()
    assert workers(db)[0].doing == {"rows": []}


def test_the_thread_renews_by_itself_and_signs_off(db: Database, claim: PictureClaim) -> None:
    keeper = LeaseKeeper(db, "w", ["bulk"], lease_s=0.3)
    with keeper.holding([claim]):
        let_lease_run_out(db)
        before = lease_until(db)
        keeper.start()
        wait_until(lambda: lease_until(db) > before)
    keeper.stop()
    assert workers(db) == []


@pytest.mark.usefixtures("real_migrations")  # the file is open when the tables come
def test_a_database_that_is_away_for_a_while_does_not_end_the_heartbeat(
    db: Database, tmp_path: Path
) -> None:
    away = Database(f"sqlite:///{tmp_path / 'later.db'}")  # no tables yet
    keeper = LeaseKeeper(away, "w", ["bulk"], lease_s=0.1)
    keeper.start()
    away.migrate()
    wait_until(lambda: workers(away))
    keeper.stop()
    away.dispose()


def wait_until(condition: Callable[[], object]) -> None:
    pause, waited_s = threading.Event(), 0.0
    while not condition():
        assert waited_s < LIMIT_S
        pause.wait(0.02)
        waited_s += 0.02


def test_what_was_ended_while_the_heartbeat_asked_is_not_told_as_lost(
    db: Database, claim: PictureClaim, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class EndsMeanwhile(Database):
        """Ends the picture between the heartbeat's look at what is held and its question."""

        def session(self) -> _GeneratorContextManager[Session]:
            if not ended:
                ended.append(claim)
                keeper.release_lease(ended)
                finish_picture(db, claim, PictureOutcome(state=PictureState.DONE))
            return super().session()

    ended: list[PictureClaim] = []
    keeper = LeaseKeeper(
        EndsMeanwhile(f"sqlite:///{tmp_path / 'records.db'}"), "w", ["bulk"], lease_s=LEASE_S
    )
    with keeper.holding([claim]):
        keeper.tick()
    assert ended
    assert not [record for record in caplog.records if "lost" in record.getMessage()]
