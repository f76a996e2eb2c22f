"""Writes how pictures ended, many in one go; who may is the fencing token's matter."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from crispdeck.records.states import PictureState
from crispdeck.records.tables import Picture, PictureChange
from crispdeck.records.work.values import PictureClaim, PictureOutcome


def owned_of(session: Session, claims: Collection[PictureClaim]) -> set[str]:
    """Lock the rows that these claims still own, and name them."""
    tokens = {claim.id: claim.token for claim in claims}
    query = (
        select(Picture.id, Picture.token)
        .where(Picture.id.in_(tokens), Picture.lease_until.is_not(None))
        .order_by(Picture.id)
        .with_for_update(key_share=True)
    )
    return {row.id for row in session.execute(query) if tokens[row.id] == row.token}


def write_ends(
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
