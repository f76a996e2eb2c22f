"""Writes how pictures ended, many in one go; who may is the fencing token's matter."""

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from crispdeck.records.database import Database
from crispdeck.records.states import PictureState
from crispdeck.records.tables import Picture, PictureChange
from crispdeck.records.work.statements import END
from crispdeck.records.work.values import PictureClaim, PictureOutcome


def end_pictures(db: Database, ends: Sequence[tuple[PictureClaim, PictureOutcome]]) -> set[str]:
    """Write how pictures ended that their claims still own; returns the ids of those."""
    if db.dialect == "postgresql":
        ended_rows = [
            {"id": claim.id, "token": claim.token, **_values(outcome)} for claim, outcome in ends
        ]
        rows = db.at_once(END, {"now": db.set_time(), "ends": json.dumps(ended_rows)})
        return {row["id"] for row in rows}
    with db.session() as session:
        # SQLite: one writer at a time, so locks, checks and writes may be statements of their own.
        owned = _owned(session, [claim for claim, _ in ends])
        ended = [(claim, outcome) for claim, outcome in ends if claim.id in owned]
        _write(session, ended, db.now(session))
        return owned


def _values(outcome: PictureOutcome) -> dict[str, Any]:
    return {item.name: getattr(outcome, item.name) for item in fields(outcome)}


def _owned(session: Session, claims: Collection[PictureClaim]) -> set[str]:
    """Lock the rows that these claims still own, and name them."""
    tokens = {claim.id: claim.token for claim in claims}
    query = (
        select(Picture.id, Picture.token)
        .where(Picture.id.in_(tokens), Picture.lease_until.is_not(None))
        .order_by(Picture.id)
        .with_for_update(key_share=True)
    )
    return {row.id for row in session.execute(query) if tokens[row.id] == row.token}


def _write(
    session: Session, ends: Sequence[tuple[PictureClaim, PictureOutcome]], now: datetime
) -> None:
    """Write outcomes into locked rows, and their changes for whoever adds up."""
    if not ends:
        return
    session.execute(
        update(Picture),
        [
            {
                "id": claim.id,
                "state": outcome.state,
                "worker": None,
                "leased_at": None,
                "lease_until": None,
                "not_before": None,
                "outage_since": None,
                "finished_at": now,
                "result_key": outcome.result_key,
                "result_format": outcome.result_format,
                "result_width_px": outcome.width_px,
                "result_height_px": outcome.height_px,
                "result_bytes": outcome.size_bytes,
                "result_sha256": outcome.sha256,
                "report": outcome.report,
                "code": outcome.code,
                "detail": outcome.detail,
                "traceback": outcome.traceback,
            }
            for claim, outcome in ends
        ],
    )
    session.execute(
        insert(PictureChange),
        [
            {
                "tenant_id": claim.tenant_id,
                "job_id": claim.job_id,
                "picture_id": claim.id,
                "queue": claim.queue,
                "was": PictureState.RUNNING,
                "becomes": outcome.state,
                "data": {"parts": list(claim.parts), "code": outcome.code},
                "at": now,
            }
            for claim, outcome in ends
        ],
    )
