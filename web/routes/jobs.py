"""/jobs: look, follow, cancel, try again, and take single pictures."""

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.errors import ConflictError, NotFoundError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.thumbnail import thumbnail
from crispdeck.records.people.keys import Scope
from crispdeck.records.states import PictureState
from crispdeck.records.work.job import (
    cancel_job,
    get_job,
    keep_originals,
    list_jobs,
    pictures_of,
    retry_job,
)
from crispdeck.records.work.values import PictureRecord
from crispdeck.services.results import read_result
from web import answers
from web.auth import caller, needs
from web.engine import engine
from web.routes.decks import THUMBNAIL_AGE_S
from web.schemas.jobs import V1, EventOut, EventPage, JobDetail, JobPage, KeptRequest
from web.schemas.requests import EventsQuery, JobPath, JobsQuery, PicturePath
from web.streams import stream_events
from web.waiting import wait_for_events

jobs = APIBlueprint(
    "jobs", __name__, url_prefix=V1, abp_tags=[Tag(name="jobs", description="Work under way")]
)

READERS = (Scope.JOBS_READ, Scope.DECKS, Scope.PICTURES)
PICTURE = {"content": {"image/png": {"schema": {"type": "string"}}}}
STREAM = {"content": {"text/event-stream": {"schema": {"type": "string"}}}}


def _detail(job_id: str, status: int = 200) -> Response:
    db, tenant_id = engine().db, caller().tenant_id
    job = get_job(db, tenant_id, job_id)
    pictures = pictures_of(db, tenant_id, job_id)
    return answers.answer(JobDetail.with_pictures(job, pictures), status)


@jobs.get("/jobs", responses={200: JobPage})
@needs(*READERS)
def all_jobs(query: JobsQuery) -> Response:
    """List jobs, newest first."""
    page = list_jobs(
        engine().db,
        caller().tenant_id,
        after=query.after,
        limit=query.limit,
        state=query.state,
    )
    return answers.answer(JobPage.of(page))


@jobs.get("/jobs/<id:job_id>", responses={200: JobDetail})
@needs(*READERS)
def one_job(path: JobPath) -> Response:
    """Look at a job and each of its pictures."""
    return _detail(path.job_id)


@jobs.get("/jobs/<id:job_id>/events", responses={200: EventPage})
@needs(*READERS)
def job_events(path: JobPath, query: EventsQuery) -> Response:
    """Get the events behind a cursor; with `wait`, hold on until there is one."""
    events, ended = wait_for_events(
        engine().db,
        caller().tenant_id,
        path.job_id,
        after=query.after,
        limit=query.limit,
        wait_s=query.wait,
    )
    page = EventPage(
        items=[EventOut.of(event) for event in events],
        next_after=events[-1].seq if events else query.after,
        ended=ended,
    )
    return answers.answer(page)


@jobs.get("/jobs/<id:job_id>/stream", responses={200: STREAM})
@needs(*READERS)
def job_stream(path: JobPath) -> Response:
    """Follow a job as server-sent events; Last-Event-ID goes on where a stream broke off."""
    here, tenant_id = engine(), caller().tenant_id
    get_job(here.db, tenant_id, path.job_id)
    last = request.headers.get("Last-Event-ID", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else 0
    here.streams.take(tenant_id)
    response = Response(
        stream_events(here.db, tenant_id, path.job_id, after), mimetype="text/event-stream"
    )
    response.call_on_close(lambda: here.streams.give_back(tenant_id))
    response.headers["Cache-Control"] = "private, no-store, no-transform"
    # nginx would hold the events back until its buffer is full.
    response.headers["X-Accel-Buffering"] = "no"
    return response


@jobs.post("/jobs/<id:job_id>/cancel", responses={200: JobDetail})
@needs(Scope.DECKS, Scope.PICTURES)
def cancel(path: JobPath) -> Response:
    """End a job now."""
    cancel_job(engine().db, caller().tenant_id, path.job_id)
    return _detail(path.job_id)


@jobs.post("/jobs/<id:job_id>/retry", responses={202: JobDetail})
@needs(Scope.DECKS, Scope.PICTURES)
def retry(path: JobPath) -> Response:
    """Do again what failed or was cancelled."""
    engine().announce(retry_job(engine().db, caller().tenant_id, path.job_id))
    return _detail(path.job_id, 202)


@jobs.put("/jobs/<id:job_id>/kept", responses={200: JobDetail})
@needs(Scope.DECKS)
def keep(path: JobPath, body: KeptRequest) -> Response:
    """Keep the originals of some pictures, or of none any more; deck and report follow."""
    keep_originals(engine().db, caller().tenant_id, path.job_id, body.parts)
    return _detail(path.job_id)


@jobs.get("/jobs/<id:job_id>/pictures/<id:picture_id>/result", responses={200: PICTURE})
@needs(*READERS)
def picture_result(path: PicturePath) -> Response:
    """Get one sharp picture."""
    row = _finished(path)
    blob = read_result(engine().store, row)
    kind = PictureFormat(row.result_format or PictureFormat.UNKNOWN)
    return answers.picture(blob, kind.content_type, max_age_s=THUMBNAIL_AGE_S)


@jobs.get("/jobs/<id:job_id>/pictures/<id:picture_id>/thumbnail", responses={200: PICTURE})
@needs(*READERS)
def picture_thumbnail(path: PicturePath) -> Response:
    """Get a small PNG of one sharp picture."""
    row = _finished(path)
    blob = read_result(engine().store, row)
    small = thumbnail(blob, max_px=engine().settings.max_output_px)
    return answers.picture(small, "image/png", max_age_s=THUMBNAIL_AGE_S)


def _finished(path: PicturePath) -> PictureRecord:
    for row in pictures_of(engine().db, caller().tenant_id, path.job_id):
        if row.id == path.picture_id:
            if row.state is not PictureState.DONE or not row.result_key:
                raise ConflictError(f"The picture is {row.state.value}, so it has no result.")
            return row
    raise NotFoundError(f"This job has no picture {path.picture_id}.")
