"""Fills a database with very many jobs as a busy week would leave them; rows only, no objects."""

import math
import random
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from crispdeck.queue.names import SHOWN_QUEUES, QueueName
from crispdeck.records.database import Database
from crispdeck.records.figures.tally import tally
from crispdeck.records.ids import first_id_at
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage
from crispdeck.records.tables import Deck, Event, Job, Picture, Table, Tally

WEEK = timedelta(days=7)  # what the operators' pages show at most
AT_ONCE = 2000  # jobs written in one transaction; a guess
TENANTS = ("Marketing", "Sales Europe", "Research", "Field training", "Investor relations")
NAMES = ("Quarterly review", "Roadmap", "Kick-off", "All hands", "Pitch", "Training", "Results")
FAILURES = (
    ("worker_lost", "Given up after 3 attempts."),
    ("upscale_out_of_memory", "Out of memory even in small tiles on the CPU."),
    ("picture_unreadable", "The bytes are damaged or not a picture."),
    ("storage_unavailable", "The object store does not answer as it should."),
)
EVENTS_FOR = timedelta(hours=6)
"""Jobs that are older get no timeline: only their own page would show it."""
OPEN_FOR = timedelta(minutes=2)
"""Some jobs that are so young have not ended."""


class Maker:
    """Makes the rows of one week; the same for the same seed, but for the time."""

    def __init__(self, db: Database, seed: int = 1) -> None:
        self._db = db
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._tenants = [create_tenant(db, name) for name in TENANTS]
        self._now = datetime.now(UTC)

    def fill(self, jobs: int) -> Iterator[int]:
        """Write jobs, oldest first; yields how many are there after each part."""
        times = sorted(self._time(number / jobs) for number in range(jobs))
        for begin in range(0, jobs, AT_ONCE):
            rows: dict[type[Table], list[dict[str, Any]]] = {
                Deck: [],
                Job: [],
                Picture: [],
                Event: [],
            }
            for number, at in enumerate(times[begin : begin + AT_ONCE], begin):
                self._add(rows, number, at)
            with self._db.session() as session:
                for table, values in rows.items():
                    if values:
                        session.execute(insert(table), values)
            yield min(begin + AT_ONCE, jobs)

    def _time(self, share: float) -> datetime:
        """Spread over the week, with days that are busier than nights."""
        at = self._now - WEEK * (1 - share)
        swing = math.sin(2 * math.pi * (share * 7 - 0.25)) * 0.35 + self._chance.random() * 0.1
        return min(self._now, at + timedelta(hours=6) * swing * (1 - share))

    def _id(self, at: datetime) -> str:
        return first_id_at(at) + f"{self._chance.getrandbits(64):016x}"

    def _add(
        self, rows: dict[type[Table], list[dict[str, Any]]], number: int, at: datetime
    ) -> None:
        tenant_id = self._chance.choices(self._tenants, (40, 25, 20, 10, 5))[0]
        is_deck = self._chance.random() < 0.6
        is_open = self._now - at < OPEN_FOR and self._chance.random() < 0.7
        deck_id = None
        if is_deck:
            deck_id = self._id(at)
            rows[Deck].append(self._deck(deck_id, tenant_id, number, at))
        queue = QueueName.BULK if is_deck else QueueName.INTERACTIVE
        job_id = self._id(at)
        wait_s = self._chance.lognormvariate(0.6 if is_deck else -2.5, 0.9)
        count = self._chance.randint(1, 4) if is_deck else 1
        pictures = [
            self._picture(job_id, tenant_id, queue, at + timedelta(seconds=wait_s), is_open)
            for _ in range(count)
        ]
        rows[Picture] += pictures
        job = self._job(job_id, tenant_id, deck_id, queue, at, wait_s, pictures)
        rows[Job].append(job)
        if self._now - at < EVENTS_FOR:
            rows[Event] += self._events(job, pictures)

    def _deck(self, deck_id: str, tenant_id: str, number: int, at: datetime) -> dict[str, Any]:
        return {
            "id": deck_id,
            "tenant_id": tenant_id,
            "name": f"{self._chance.choice(NAMES)} {number}.pptx",
            "size_bytes": int(self._chance.lognormvariate(15, 1)),
            "sha256": secrets.token_hex(32),
            "object_key": f"{tenant_id}/decks/{deck_id}/original",
            # A scan as long as that of a deck with a dozen pictures.
            "scan": {
                "pictures": [
                    {"part": f"ppt/media/image{n}.png", "note": "x" * 300} for n in range(12)
                ]
            },
            "created_at": at,
            "expires_at": at + WEEK + timedelta(hours=2),
        }

    def _picture(
        self,
        job_id: str,
        tenant_id: str,
        queue: QueueName,
        at: datetime,
        is_open: bool,
    ) -> dict[str, Any]:
        width_px, height_px = self._chance.randint(40, 400), self._chance.randint(40, 300)
        row: dict[str, Any] = {
            "id": self._id(at),
            "tenant_id": tenant_id,
            "job_id": job_id,
            "queue": queue,
            "bucket": f"{width_px}x{height_px}x4",
            "parts": [f"ppt/media/image{self._chance.randint(1, 40)}.png"],
            "sha256": secrets.token_hex(32),
            "source_key": f"{tenant_id}/pictures/{job_id}/{secrets.token_hex(8)}",
            "source_format": "png",
            "source_bytes": width_px * height_px // 2,
            "width_px": width_px,
            "height_px": height_px,
            "scale": 4,
            "state": PictureState.QUEUED,
            "attempts": 0,
            "token": 0,
            "created_at": at,
            "queued_at": at,
            "announced_at": at,
        }
        return row if is_open else row | self._end(row, at)

    def _end(self, row: dict[str, Any], at: datetime) -> dict[str, Any]:
        wait_s = self._chance.lognormvariate(0 if row["queue"] is QueueName.BULK else -3, 1)
        run_s = self._chance.lognormvariate(-1.8, 0.6)
        started_at = at + timedelta(seconds=wait_s)
        ended: dict[str, Any] = {
            "started_at": started_at,
            "finished_at": started_at + timedelta(seconds=run_s),
            "attempts": 1,
            "token": 1,
        }
        luck = self._chance.random()
        if luck < 0.02:
            code, detail = self._chance.choices(FAILURES, (6, 3, 2, 1))[0]
            return ended | {"state": PictureState.FAILED, "code": code, "detail": detail}
        if luck < 0.05:
            return ended | {"state": PictureState.SKIPPED, "code": "already_sharp"}
        return ended | {
            "state": PictureState.DONE,
            "result_key": f"{row['tenant_id']}/upscales/{row['id']}",
            "result_format": "png",
            "result_width_px": row["width_px"] * 4,
            "result_height_px": row["height_px"] * 4,
            "result_bytes": row["source_bytes"] * 9,
            "report": {"network": "plain-x4@2", "scale": 4, "seconds": round(run_s, 4)},
        }

    def _job(
        self,
        job_id: str,
        tenant_id: str,
        deck_id: str | None,
        queue: QueueName,
        at: datetime,
        wait_s: float,
        pictures: list[dict[str, Any]],
    ) -> dict[str, Any]:
        counts = {f"pictures_{state.value}": 0 for state in PictureState}
        for picture in pictures:
            counts[f"pictures_{picture['state'].value}"] += 1
        row: dict[str, Any] = {
            "id": job_id,
            "tenant_id": tenant_id,
            "deck_id": deck_id,
            "kind": JobKind.DECK if deck_id else JobKind.PICTURE,
            "stage": Stage.UPSCALE,
            "queue": queue,
            "options": {"target_ppi": 220, "max_scale": 4, "low_ppi": 110},
            "attempts": 0,
            "token": 1,
            "created_at": at,
            "announced_at": at,
            "started_at": at + timedelta(seconds=wait_s),
            "expires_at": at + WEEK + timedelta(hours=2),
            "state": JobState.RUNNING,
        }
        if counts["pictures_queued"]:
            return row | counts
        last = max(picture["finished_at"] for picture in pictures)
        failed = deck_id is None and counts["pictures_failed"] > 0
        row |= {
            "state": JobState.FAILED if failed else JobState.DONE,
            "code": pictures[0].get("code") if failed else None,
            "finished_at": last + timedelta(seconds=self._chance.uniform(0.05, 0.6)),
        }
        if deck_id is None:
            return row | counts
        if self._chance.random() < 0.01:
            return row | counts | {"state": JobState.CANCELLED, "stage": Stage.UPSCALE}
        result = {
            "stage": Stage.ASSEMBLE,
            "result_key": f"{tenant_id}/decks/{deck_id}/jobs/{job_id}/enhanced",
            "result_bytes": int(self._chance.lognormvariate(15.2, 1)),
            "summary": {"enhanced": True, "pictures": []},
        }
        return row | counts | result

    def _events(self, job: dict[str, Any], pictures: list[dict[str, Any]]) -> list[dict[str, Any]]:
        events: list[tuple[datetime, EventKind, dict[str, Any] | None]] = [
            (job["created_at"], EventKind.JOB_QUEUED, None)
        ]
        events.append((job["started_at"], EventKind.JOB_RUNNING, None))
        for picture in pictures:
            if "finished_at" in picture:
                events.append((picture["started_at"], EventKind.PICTURE_RUNNING, picture))
                kind = EventKind(f"picture.{picture['state'].value}")
                events.append((picture["finished_at"], kind, picture))
        if "finished_at" in job:
            events.append((job["finished_at"], EventKind(f"job.{job['state'].value}"), None))
        return [
            {
                "tenant_id": job["tenant_id"],
                "job_id": job["id"],
                "picture_id": picture and picture["id"],
                "kind": kind,
                "data": {"parts": picture["parts"]} if picture else {},
                "at": at,
            }
            for at, kind, picture in sorted(events, key=lambda one: one[0])
        ]


def count_all(db: Database) -> None:
    """Let the tally catch up with a whole week, as the sweeps of that week would have."""
    for _ in range(10):
        tally(db)
    with db.session() as session:
        chance = random.Random(2)  # noqa: S311 - no secret
        for row in session.query(Tally):
            if row.queue in SHOWN_QUEUES and not row.waiting:
                row.waiting = int(chance.lognormvariate(1, 0.8))
