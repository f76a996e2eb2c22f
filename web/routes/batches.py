"""/batches: many decks with the same choices, followed and taken back together."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.deck.scan_json import scan_from_json
from crispdeck.errors import ConflictError, GoneError, LimitReachedError
from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.batches import create_batch, get_batch, list_batches, set_batch_options
from crispdeck.records.shelf.decks import get_scan
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import OPEN_JOB_STATES, JobState
from crispdeck.records.work.batch_contents import BatchContents, delete_batch, look_at_batch
from crispdeck.records.work.job import cancel_job, create_deck_job
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import JobRecord
from crispdeck.records.work.waiting_decks import let_wait, stop_waiting
from web import answers
from web.announce import announce
from web.auth import caller, needs
from web.batch_stream import stream_batch, tag_of, wait_for_change
from web.batch_zip import stream_zip
from web.engine import engine
from web.estimating import estimate
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

batches = APIBlueprint(
    "batches", __name__, url_prefix=V1, abp_tags=[Tag(name="batches", description="Many decks")]
)

STREAM = {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
ZIP = {"content": {"application/zip": {"schema": {"type": "string"}}}}


def _contents(path: BatchPath) -> BatchContents:
    return look_at_batch(engine().db, caller().tenant_id, path.batch_id)


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
    batch = wait_for_change(engine().db, caller().tenant_id, path.batch_id, known, wait_s)
    response = answers.answer(batch)
    response.set_etag(tag_of(batch))
    response.make_conditional(request)
    return response


@batches.get("/batches/<id:batch_id>/stream", responses={200: STREAM})
@needs(Scope.DECKS)
def batch_stream(path: BatchPath) -> Response:
    """Follow a batch as server-sent events: first all of it, then what changes."""
    here, tenant_id = engine(), caller().tenant_id
    get_batch(here.db, tenant_id, path.batch_id)
    here.streams.take(tenant_id)
    response = Response(
        stream_batch(here.db, tenant_id, path.batch_id), mimetype="text/event-stream"
    )
    response.call_on_close(lambda: here.streams.give_back(tenant_id))
    response.headers["Cache-Control"] = "private, no-store, no-transform"
    # nginx would hold the events back until its buffer is full.
    response.headers["X-Accel-Buffering"] = "no"
    return response


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
    return answers.answer(estimate(engine(), _contents(path), body.left_out))


@batches.post("/batches/<id:batch_id>/jobs", responses={202: Started})
@needs(Scope.DECKS)
def start_batch(path: BatchPath, body: LeftOut) -> Response:
    """Make the low pictures of all decks sharp; asked again, only what is not done is begun.

    Decks for which no job is free wait, and are begun by themselves.
    """
    here, found = engine(), _contents(path)
    allowed = here.allowances(found.batch.tenant_id)
    wishes = list(_wishes(found, body.left_out))
    started: list[str] = []
    for deck_id, options in wishes:
        try:
            job, wakeups = create_deck_job(
                here.db,
                found.batch.tenant_id,
                deck_id,
                options,
                retention_days=allowed.retention_days,
                max_open_jobs=allowed.max_open_jobs,
            )
        except LimitReachedError:
            break
        announce(here, wakeups)
        started.append(job.id)
    waiting = wishes[len(started) :]
    let_wait(here.db, found.batch.tenant_id, waiting)
    return answers.answer(Started(started=started, waiting=len(waiting)), 202)


@batches.post("/batches/<id:batch_id>/cancel", responses={200: BatchOut})
@needs(Scope.DECKS)
def cancel_batch(path: BatchPath) -> Response:
    """End all that is in work or waits; what is done stays. Again is no error."""
    db = engine().db
    stop_waiting(db, caller().tenant_id, path.batch_id)
    for job in _contents(path).jobs.values():
        if job.state in OPEN_JOB_STATES:
            with suppress(ConflictError, GoneError):  # it ended or was deleted meanwhile
                cancel_job(db, job.tenant_id, job.id)
    return answers.answer(BatchOut.of_contents(_contents(path)))


def _wishes(
    found: BatchContents, left_out: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, JobOptions]]:
    """Yield what there is to do: decks by id, each with the options of its job."""
    choices = Choices(**found.batch.options)
    for deck in found.decks:
        if not _is_to_do(deck, found.jobs.get(deck.id), choices):
            continue
        pictures = _chosen(deck, left_out.get(deck.id, ()))
        if pictures != ():
            yield deck.id, choices.job_options(pictures)


def _is_to_do(deck: DeckRecord, job: JobRecord | None, choices: Choices) -> bool:
    """Say no to a deck in work, one that was done with these choices, and one without work."""
    if job is not None and job.state in OPEN_JOB_STATES:
        return False
    if job is not None and job.state is JobState.DONE:
        asked = {name: job.options.get(name) for name in Choices.model_fields}
        if asked == choices.model_dump():
            return False
    return bool((deck.brief or {}).get("low", 1))


def _chosen(deck: DeckRecord, left_out: Collection[str]) -> tuple[str, ...] | None:
    """Return the parts to work on: None for all that are low."""
    if not left_out:
        return None
    scan = scan_from_json(get_scan(engine().db, deck.tenant_id, deck.id))
    return tuple(each.part for each in scan.low if each.part not in set(left_out))


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
