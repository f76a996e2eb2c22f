"""One job: what happened to it, each of its pictures, and what can be done."""

from flask import Response, render_template, request

from crispdeck.errors import NotFoundError
from crispdeck.records.roles import Role
from crispdeck.records.states import FINAL_JOB_STATES
from crispdeck.records.work.bulk_actions import JobAction, act_on_job
from crispdeck.records.work.events import events_after
from crispdeck.records.work.job import ENDED_BADLY, retry_picture
from crispdeck.records.work.job_list import (
    FoundJob,
    find_job,
    last_workers,
    picture_page,
    stage_workers,
    tracebacks,
)
from web.admin_sessions import note
from web.auth import needs_role
from web.bodies import takes
from web.engine import engine
from web.routes.admin.site import FORM, admin, field, go_to
from web.schemas.jobs import words_for

PICTURES = 24  # on a page, each before and after; a guess
EVENTS = 400  # shown of one job; a guess: some fifty pictures have so many


def found_job(job_id: str) -> FoundJob:
    """Look a job up. Raises NotFoundError."""
    found = find_job(engine().db, job_id)
    if found is None:
        raise NotFoundError(f"There is no job {job_id}. It may have been deleted.")
    return found


@admin.get("/jobs/<id:job_id>")
@needs_role(Role.VIEWER)
def job_page(job_id: str) -> str:
    """Show a job."""
    db, found = engine().db, found_job(job_id)
    job = found.job
    after = request.args.get("after", "")
    pictures, next_after = picture_page(db, job_id, after=after, limit=PICTURES)
    return render_template(
        "admin/job.html",
        found=found,
        job=job,
        is_final=job.state in FINAL_JOB_STATES,
        pictures=pictures,
        next_after=next_after,
        is_first=not after,
        workers=last_workers(db, job_id, [picture.id for picture in pictures]),
        stage_workers=stage_workers(db, job_id),
        retryable=ENDED_BADLY,
        events=events_after(db, job.tenant_id, job.id, limit=EVENTS),
        most_events=EVENTS,
        tracebacks=tracebacks(db, job_id),
        words_for=words_for,
        did=request.args.get("did", ""),
    )


@admin.post("/jobs/<id:job_id>/act")
@needs_role(Role.OPERATOR)
@takes(FORM)
def act_on_one(job_id: str) -> Response:
    """Cancel, retry or delete this job."""
    job = found_job(job_id).job
    action = JobAction(field("action")) if field("action") in set(JobAction) else JobAction.CANCEL
    engine().announce(act_on_job(engine().db, job, action))
    note(f"job.{action.value}", job.id, tenant_id=job.tenant_id)
    if action is JobAction.DELETE:
        return go_to("admin.job_list", did="delete", done=1, refused=0)
    return go_to("admin.job_page", job_id=job_id, did=action.value)


@admin.post("/jobs/<id:job_id>/pictures/<id:picture_id>/retry")
@needs_role(Role.OPERATOR)
@takes(FORM)
def retry_one_picture(job_id: str, picture_id: str) -> Response:
    """Do one picture again, and put the deck together anew."""
    job = found_job(job_id).job
    engine().announce(retry_picture(engine().db, job.tenant_id, job.id, picture_id))
    note("picture.retry", picture_id, tenant_id=job.tenant_id, job=job.id)
    return go_to("admin.job_page", job_id=job_id, did="retry", _anchor=f"p{picture_id}")
