"""/jobs: look, follow, cancel, try again, and take single pictures."""

from functools import partial

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.errors import ConflictError, ForbiddenError, NotFoundError
from crispdeck.picture.formats import PictureFormat
from crispdeck.records.people.keys import Scope
from crispdeck.records.states import JobKind, PictureState
from crispdeck.records.work.job import (
    cancel_job,
    get_job,
    keep_originals,
    list_jobs,
    pictures_of,
    retry_job,
)
from crispdeck.records.work.values import EventRecord, PictureRecord
from crispdeck.services.results import open_picture
from web import answers
from web.auth import caller, needs
from web.engine import engine
from web.routes.decks import MAX_SHOWN_SIDE_PX, THUMBNAIL_AGE_S, THUMBNAIL_PX
from web.schemas.jobs import V1, EventOut, EventPage, JobDetail, JobPage, KeptRequest
from web.schemas.requests import EventsQuery, JobPath, JobsQuery, PicturePath, ShownQuery
from web.streams import FollowedJob, stream
from web.waiting import Topic, answer_when, read_events

jobs = APIBlueprint(
    "jobs", __name__, url_prefix=V1, abp_tags=[Tag(name="jobs", description="Work under way")]
)

READERS = (Scope.JOBS_READ, Scope.DECKS, Scope.PICTURES)
PICTURE = {"content": {"image/png": {"schema": {"type": "string"}}}}
STREAM = {"content": {"text/event-stream": {"schema": {"type": "string"}}}}


SCOPE_OF = {JobKind.DECK: Scope.DECKS, JobKind.PICTURE: Scope.PICTURES}
"""What opens the jobs of a kind and what they made; `jobs:read` looks at all, and at no more."""


def _kinds() -> list[JobKind]:
    """Return which jobs this key may look at."""
    held = caller().scopes
    sees_all = bool(held & {Scope.ADMIN, Scope.JOBS_READ})
    return [kind for kind, scope in SCOPE_OF.items() if sees_all or scope in held]


def _check_kind(job_id: str, *, to_look: bool = False) -> None:
    """Refuse a key that may not do this with such a job.

    Raises:
        ForbiddenError: it lacks the scope of the job's kind.
        NotFoundError, GoneError: no such job of this tenant.
    """
    kind, held = get_job(engine().db, caller().tenant_id, job_id).kind, caller().scopes
    may = kind in _kinds() if to_look else bool(held & {Scope.ADMIN, SCOPE_OF[kind]})
    if not may:
        raise ForbiddenError(f"This key lacks the scope {SCOPE_OF[kind].value}.")


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
        kinds=_kinds(),
    )
    return answers.answer(JobPage.of(page))


@jobs.get("/jobs/<id:job_id>", responses={200: JobDetail})
@needs(*READERS)
def one_job(path: JobPath) -> Response:
    """Look at a job and each of its pictures."""
    _check_kind(path.job_id, to_look=True)
    return _detail(path.job_id)


@jobs.get("/jobs/<id:job_id>/events", responses={200: EventPage})
@needs(*READERS)
def job_events(path: JobPath, query: EventsQuery) -> Response:
    """Get the events behind a cursor; with `wait`, hold on until there is one."""
    _check_kind(path.job_id, to_look=True)
    db, tenant_id = engine().db, caller().tenant_id

    def page(found: tuple[list[EventRecord], bool]) -> Response:
        events, ended = found
        shown = EventPage(
            items=[EventOut.of(event) for event in events],
            next_after=events[-1].seq if events else query.after,
            ended=ended,
        )
        return answers.answer(shown)

    return answer_when(
        Topic("job", path.job_id),
        query.wait,
        lambda: read_events(db, tenant_id, path.job_id, query.after, query.limit),
        lambda found: bool(found[0]) or found[1],
        page,
        tenant_id=tenant_id,
    )


@jobs.get("/jobs/<id:job_id>/stream", responses={200: STREAM})
@needs(*READERS)
def job_stream(path: JobPath) -> Response:
    """Follow a job as server-sent events; Last-Event-ID goes on where a stream broke off."""
    here, tenant_id = engine(), caller().tenant_id
    _check_kind(path.job_id, to_look=True)
    last = request.headers.get("Last-Event-ID", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else 0
    return stream(FollowedJob(here.db, tenant_id, path.job_id, after), tenant_id)


@jobs.post("/jobs/<id:job_id>/cancel", responses={200: JobDetail})
@needs(Scope.DECKS, Scope.PICTURES)
def cancel(path: JobPath) -> Response:
    """End a job now."""
    _check_kind(path.job_id)
    cancel_job(engine().db, caller().tenant_id, path.job_id)
    return _detail(path.job_id)


@jobs.post("/jobs/<id:job_id>/retry", responses={202: JobDetail})
@needs(Scope.DECKS, Scope.PICTURES)
def retry(path: JobPath) -> Response:
    """Do again what failed or was cancelled."""
    _check_kind(path.job_id)
    engine().announce(retry_job(engine().db, caller().tenant_id, path.job_id))
    return _detail(path.job_id, 202)


@jobs.put("/jobs/<id:job_id>/kept", responses={200: JobDetail})
@needs(Scope.DECKS)
def keep(path: JobPath, body: KeptRequest) -> Response:
    """Keep the originals of some pictures, or of none any more; deck and report follow."""
    keep_originals(engine().db, caller().tenant_id, path.job_id, body.parts)
    return _detail(path.job_id)


@jobs.get("/jobs/<id:job_id>/pictures/<id:picture_id>/result", responses={200: PICTURE})
@needs(*SCOPE_OF.values())
def picture_result(path: PicturePath, query: ShownQuery) -> Response:
    """Get one sharp picture; with `shown` a PNG where no browser knows its format."""
    row = _finished(path)
    kind = PictureFormat(row.result_format or PictureFormat.UNKNOWN)
    tag = row.result_sha256 or row.id
    if query.shown and not kind.is_shown_by_browsers:
        return answers.picture(
            _small(row, MAX_SHOWN_SIDE_PX), "image/png", max_age_s=THUMBNAIL_AGE_S
        )
    file = open_picture(engine().store, row)
    response = answers.picture_file(file, kind.content_type, tag=tag, max_age_s=THUMBNAIL_AGE_S)
    return answers.never_opened(response, kind)


@jobs.get("/jobs/<id:job_id>/pictures/<id:picture_id>/thumbnail", responses={200: PICTURE})
@needs(*SCOPE_OF.values())
def picture_thumbnail(path: PicturePath) -> Response:
    """Get a small PNG of one sharp picture."""
    small = _small(_finished(path), THUMBNAIL_PX)
    return answers.picture(small, "image/png", max_age_s=THUMBNAIL_AGE_S)


def _small(row: PictureRecord, max_side_px: int) -> bytes:
    return engine().untrusted.file_small(
        row.result_key or "",
        partial(open_picture, engine().store, row),
        max_side_px=max_side_px,
        whose=caller().tenant_id,
    )


def _finished(path: PicturePath) -> PictureRecord:
    _check_kind(path.job_id)
    for row in pictures_of(engine().db, caller().tenant_id, path.job_id):
        if row.id == path.picture_id:
            if row.state is not PictureState.DONE or not row.result_key:
                raise ConflictError(f"The picture is {row.state.value}, so it has no result.")
            return row
    raise NotFoundError(f"This job has no picture {path.picture_id}.")
