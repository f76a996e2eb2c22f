"""/batches: many decks with the same choices, followed and taken back together."""

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.batches import create_batch, get_batch, list_batches, set_batch_options
from crispdeck.records.work.batch_contents import BatchContents, delete_batch, read_contents
from crispdeck.services.batch_zip import stream_zip
from crispdeck.services.batches import begin_batch, end_batch
from crispdeck.services.estimates import estimate
from web import answers
from web.auth import caller, needs
from web.batch_stream import FollowedBatch, read_batch, tag_of
from web.engine import engine
from web.schemas.batches import (
    BatchOut,
    BatchPage,
    BatchPath,
    BatchSummary,
    Choices,
    Estimate,
    LeftOut,
    Started,
)
from web.schemas.jobs import V1
from web.schemas.requests import PageQuery, WaitQuery, ZipQuery
from web.streams import stream
from web.waiting import Topic, answer_when

batches = APIBlueprint(
    "batches", __name__, url_prefix=V1, abp_tags=[Tag(name="batches", description="Many decks")]
)

STREAM = {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
ZIP = {"content": {"application/zip": {"schema": {"type": "string"}}}}


def _contents(path: BatchPath) -> BatchContents:
    return read_contents(engine().db, caller().tenant_id, path.batch_id)


@batches.post("/batches", responses={201: BatchSummary})
@needs(Scope.DECKS)
def new_batch(body: Choices) -> Response:
    """Begin a batch; decks join it when they are handed in."""
    here = engine()
    batch = create_batch(
        here.db,
        caller().tenant_id,
        body.model_dump(),
        retention_days=here.allowances(caller().tenant_id).retention_days,
    )
    location = {"Location": f"{V1}/batches/{batch.id}"}
    return answers.answer(BatchSummary.of(batch), 201, location)


@batches.get("/batches", responses={200: BatchPage})
@needs(Scope.DECKS)
def all_batches(query: PageQuery) -> Response:
    """List batches, newest first."""
    page = list_batches(engine().db, caller().tenant_id, after=query.after, limit=query.limit)
    return answers.answer(BatchPage.of(page))


@batches.get("/batches/<id:batch_id>", responses={200: BatchOut, 304: None})
@needs(Scope.DECKS)
def one_batch(path: BatchPath, query: WaitQuery) -> Response:
    """Look at a batch and all in it; with `wait` and If-None-Match, hold on until it differs."""
    known = request.if_none_match.to_header().strip('"')
    wait_s = query.wait if known else 0.0
    db, tenant_id = engine().db, caller().tenant_id

    def word(batch: BatchOut) -> Response:
        response = answers.answer(batch)
        response.set_etag(tag_of(batch))
        response.make_conditional(request)
        return response

    return answer_when(
        Topic("batch", path.batch_id),
        wait_s,
        lambda: read_batch(db, tenant_id, path.batch_id),
        lambda batch: tag_of(batch) != known,
        word,
        tenant_id=tenant_id,
    )


@batches.get("/batches/<id:batch_id>/stream", responses={200: STREAM})
@needs(Scope.DECKS)
def batch_stream(path: BatchPath) -> Response:
    """Follow a batch as server-sent events: first all of it, then what changes."""
    here, tenant_id = engine(), caller().tenant_id
    get_batch(here.db, tenant_id, path.batch_id)
    return stream(FollowedBatch(here.db, tenant_id, path.batch_id), tenant_id)


@batches.put("/batches/<id:batch_id>/options", responses={200: BatchSummary})
@needs(Scope.DECKS)
def choose(path: BatchPath, body: Choices) -> Response:
    """Choose otherwise; decks that come from now on are looked at with these options."""
    batch = set_batch_options(engine().db, caller().tenant_id, path.batch_id, body.model_dump())
    return answers.answer(BatchSummary.of(batch))


@batches.post("/batches/<id:batch_id>/estimate", responses={200: Estimate})
@needs(Scope.DECKS)
def batch_estimate(path: BatchPath, body: LeftOut) -> Response:
    """Say how long the work will take and how much the files will grow."""
    return answers.answer(Estimate.of(estimate(engine(), _contents(path), body.left_out)))


@batches.post("/batches/<id:batch_id>/jobs", responses={202: Started})
@needs(Scope.DECKS)
def start_batch(path: BatchPath, body: LeftOut) -> Response:
    """Make the low pictures of all decks sharp; asked again, only what is not done is begun.

    Decks for which no job is free wait, and are begun by themselves.
    """
    started, waiting = begin_batch(engine(), _contents(path), body.left_out)
    return answers.answer(Started(started=started, waiting=waiting), 202)


@batches.post("/batches/<id:batch_id>/cancel", responses={200: BatchOut})
@needs(Scope.DECKS)
def cancel_batch(path: BatchPath) -> Response:
    """End all that is in work or waits; what is done stays. Again is no error."""
    ended = end_batch(engine(), caller().tenant_id, path.batch_id)
    return answers.answer(BatchOut.of_contents(ended))


@batches.get("/batches/<id:batch_id>/enhanced", responses={200: ZIP})
@needs(Scope.DECKS)
def batch_zip(path: BatchPath, query: ZipQuery) -> Response:
    """Get all decks in one zip: those that are sharp now, and the others as they came."""
    response = Response(
        stream_zip(engine(), _contents(path), query.report), mimetype="application/zip"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="crispdeck.zip"'
    return response


@batches.delete("/batches/<id:batch_id>", responses={204: None})
@needs(Scope.DECKS)
def remove_batch(path: BatchPath) -> Response:
    """Delete a batch with its decks, jobs and results, now."""
    delete_batch(engine().db, caller().tenant_id, path.batch_id)
    return Response(status=204)
