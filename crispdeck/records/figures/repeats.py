"""Rows that were begun again and again without a result, while they wait for another attempt."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from crispdeck.records.database import Database
from crispdeck.records.states import OPEN_JOB_STATES, OPEN_PICTURE_STATES
from crispdeck.records.tables import Job, Picture

REPEATED = 2
"""Attempts that ended without a result; the third makes a failure unless set otherwise."""
MOST = 20  # named at once; a guess


@dataclass(frozen=True)
class Repeated:
    """A job with something in it that does not come to an end."""

    job_id: str
    attempts: int


def repeated_rows(db: Database) -> list[Repeated]:
    """List open jobs with work that was begun so often, the worst first."""
    with db.reading() as session:
        pictures = select(Picture.job_id, Picture.attempts).where(
            or_(*(Picture.state == state for state in OPEN_PICTURE_STATES)),
            Picture.attempts >= REPEATED,
        )
        jobs = select(Job.id, Job.attempts).where(
            Job.state.in_(OPEN_JOB_STATES), Job.attempts >= REPEATED
        )
        worst: dict[str, int] = {}
        for query in (pictures, jobs):
            for job_id, attempts in session.execute(query.limit(MOST)):
                worst[job_id] = max(attempts, worst.get(job_id, 0))
    return [Repeated(*each) for each in sorted(worst.items(), key=lambda one: -one[1])]
