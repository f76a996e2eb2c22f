"""/pictures: the quick path, one picture in and the sharp one out."""

from dataclasses import replace

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.datastructures import Headers

from crispdeck.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PictureRefusedError,
    RequestTooLargeError,
    UpscaleError,
)
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.info import PictureInfo
from crispdeck.records.people.keys import Scope
from crispdeck.records.states import JobKind, JobState, PictureState
from crispdeck.records.work.job import INTERACTIVE, create_picture_job, get_job, pictures_of
from crispdeck.records.work.values import JobRecord, PictureRecord
from crispdeck.services.picture_intake import PictureVerdict as Judged
from crispdeck.services.picture_intake import judge_picture, store_picture
from crispdeck.services.results import open_picture
from crispdeck.words.reasons import reason_words
from web import answers
from web.auth import caller, needs
from web.bodies import takes
from web.engine import engine
from web.once import once
from web.prefer import applied, wait_preference
from web.schemas.jobs import V1, JobDetail, words_for
from web.schemas.requests import JobPath, PictureHeader, PictureQuery, PreferHeader
from web.schemas.system import PICTURE_TYPES, PictureBody, PictureVerdict
from web.waiting import Topic, answer_when

pictures = APIBlueprint(
    "pictures", __name__, url_prefix=V1, abp_tags=[Tag(name="pictures", description="One by one")]
)

BINARY = {"type": "string", "format": "binary"}
RESULT = {
    "description": "The sharp picture; or, as JSON, why the picture was left alone",
    "content": {
        "image/png": {"schema": BINARY},
        "image/jpeg": {"schema": BINARY},
        "application/json": {"schema": {"$ref": "#/components/schemas/PictureVerdict"}},
    },
}


@pictures.post("/pictures", responses={200: RESULT, 202: JobDetail})
@needs(Scope.PICTURES)
@takes("image/*", *PICTURE_TYPES, limit="max_picture_bytes")
def create_picture(header: PictureHeader, query: PictureQuery, raw: PictureBody) -> Response:
    """Make one picture sharp; with `Prefer: wait=N` the answer is the picture itself.

    A picture that is sharp enough at the size it is shown is answered with a verdict, unless
    `force` is set.
    """
    here, tenant_id = engine(), caller().tenant_id
    blob = _blob(raw)
    info = here.untrusted.inspect(blob, whose=tenant_id)
    verdict = judge_picture(info, query.picture_request(here.settings))
    if verdict.scale is None:
        return answers.answer(_left_alone(verdict, info))

    scale, allowed = verdict.scale, here.allowances(tenant_id)

    def make() -> str:
        job, wakeups = create_picture_job(
            here.db,
            tenant_id,
            store_picture(here, tenant_id, blob, info, scale),
            options=replace(INTERACTIVE, crispness=query.crispness, strip=query.strip),
            retention_days=allowed.retention_days,
            max_open_jobs=allowed.max_open_jobs,
        )
        here.announce(wakeups)
        return job.id

    job_id, headers = once(header.idempotency_key, blob, make)
    return _when_done(get_job(here.db, tenant_id, job_id), headers)


@pictures.get("/pictures/<id:job_id>/result", responses={200: RESULT, 202: JobDetail})
@needs(Scope.PICTURES)
def result(path: JobPath, header: PreferHeader) -> Response:
    """Get the sharp picture of a job made by POST /pictures; `Prefer: wait=N` waits for it."""
    del header  # read by wait_preference; named here for the API's document
    job = get_job(engine().db, caller().tenant_id, path.job_id)
    if job.kind is not JobKind.PICTURE:
        raise NotFoundError(f"Job {job.id} is not one of a single picture.")
    return _when_done(job, Headers())


def _blob(request: PictureBody) -> bytes:
    if request.mimetype != "multipart/form-data":
        blob = request.get_data(cache=False)
    else:
        upload = request.files.get("picture")
        if upload is None:
            raise InvalidRequestError(
                "The form has no picture.", fields={"picture": "send it as a file"}
            )
        blob = upload.read()
    if not blob:
        raise InvalidRequestError("The body is empty.", fields={"picture": "no bytes"})
    most = engine().settings.max_picture_bytes
    if len(blob) > most:  # werkzeug cuts a body of unknown length without a word
        raise RequestTooLargeError(f"At most {most:,} bytes are taken here.")
    return blob


def _left_alone(verdict: Judged, info: PictureInfo) -> PictureVerdict:
    return PictureVerdict(
        reason=verdict.reason or "",
        why=reason_words(verdict.reason),
        effective_ppi=verdict.effective_ppi,
        width_px=info.width_px,
        height_px=info.height_px,
    )


def _when_done(job: JobRecord, headers: Headers) -> Response:
    """Wait as long as the caller likes; then give the picture, the verdict, or where to ask."""
    here, wait_s = engine(), wait_preference()

    def word(found: JobRecord) -> Response:
        rows = pictures_of(here.db, found.tenant_id, found.id)
        if found.is_final:
            response = _result(found, rows[0])
        else:
            response = answers.answer(JobDetail.with_pictures(found, rows), 202)
            response.headers["Retry-After"] = "1"
            response.headers["Location"] = f"{V1}/jobs/{found.id}"
        response.headers["Crispdeck-Job"] = found.id
        response.headers.update(headers)
        return applied(response, wait_s)

    return answer_when(
        Topic("job", job.id, eager=True),
        wait_s or 0,
        lambda: get_job(here.db, job.tenant_id, job.id),
        lambda found: found.is_final,
        word,
        tenant_id=job.tenant_id,
    )


def _result(job: JobRecord, row: PictureRecord) -> Response:
    if row.state is PictureState.DONE and row.result_key:
        file = open_picture(engine().store, row)
        kind = PictureFormat(row.result_format or PictureFormat.UNKNOWN)
        response = answers.picture_file(file, kind.content_type, tag=row.result_sha256 or row.id)
        answers.never_opened(response, kind)
        response.headers["Crispdeck-Scale"] = str(row.scale)
        notes = (row.report or {}).get("source") or []
        if notes:
            response.headers["Crispdeck-Notes"] = ", ".join(map(str, notes))
        response.headers["Crispdeck-Network"] = str((row.report or {}).get("network", ""))
        response.headers["Location"] = f"{V1}/jobs/{job.id}"
        return response
    why = words_for(row.code, row.detail)
    if row.state is PictureState.SKIPPED:
        raise PictureRefusedError(why)
    if job.state is JobState.CANCELLED:
        raise ConflictError("The job was cancelled.")
    raise UpscaleError(why)
