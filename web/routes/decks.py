"""/decks: hand one in, look at its scan, ask for its pictures, take the result."""

import tempfile
from functools import partial
from typing import BinaryIO, cast

from flask import Response, redirect
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.deck.model import DeckScan
from crispdeck.deck.names import DECK_TYPES, crisp_name, deck_type
from crispdeck.deck.scan_json import scan_from_json, scan_to_json
from crispdeck.deck.scan_summary import brief_of
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import InvalidRequestError, NotFoundError
from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.decks import (
    delete_deck,
    get_deck,
    get_scan,
    keep_scan,
    list_decks,
)
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.work.job import create_deck_job, get_job, list_jobs, pictures_of
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import JobRecord
from crispdeck.services.deck_intake import Origin, receive_deck
from crispdeck.services.reports import report_file
from crispdeck.services.results import finished_job, open_result, rebuild
from crispdeck.services.scans import scan_of_deck
from web import answers
from web.auth import caller, needs
from web.bodies import takes
from web.engine import engine
from web.once import once
from web.schemas.decks import DeckForm, DeckOut, DeckPage
from web.schemas.jobs import V1, DeckJobRequest, JobDetail, JobPage, RevertRequest
from web.schemas.requests import (
    DeckPath,
    EnhancedQuery,
    IdempotencyHeader,
    JobsQuery,
    PageQuery,
    ReportQuery,
    ResultQuery,
    ScanQuery,
    ThumbnailPath,
    UploadQuery,
)

decks = APIBlueprint(
    "decks", __name__, url_prefix=V1, abp_tags=[Tag(name="decks", description="Whole decks")]
)

LINK_LIVES_S = 300  # a signed link is followed at once; long enough for a slow clock
THUMBNAIL_AGE_S = 86_400  # a day in the browser: it never changes, but its deck may be deleted
THUMBNAIL_PX = 320  # the longest side of a thumbnail
MAX_SHOWN_SIDE_PX = 4_000
"""Of a picture that is shown as a PNG because no browser knows its format."""
FILE = {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}
REPORT_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "pptx": DECK_TYPES[".pptx"],
}


def _deck(deck_id: str) -> DeckRecord:
    return get_deck(engine().db, caller().tenant_id, deck_id)


def _shown(deck: DeckRecord, query: ScanQuery | None = None) -> DeckOut:
    """Show a deck with its scan: the kept one, or a new one when other options are asked for."""
    if query is None or query.is_empty:
        found = scan_from_json(get_scan(engine().db, deck.tenant_id, deck.id))
    else:
        options = query.options(engine().settings)
        found = scan_of_deck(engine(), deck, options)
    return DeckOut.with_scan(deck, found)


def _scan(deck: DeckRecord, options: ScanOptions) -> DeckScan:
    with engine().decks.deck(deck.object_key) as archive:
        return engine().untrusted.scan(archive, options, whose=deck.tenant_id)


@decks.post("/decks", responses={201: DeckOut})
@needs(Scope.DECKS)
@takes("multipart/form-data", limit="max_deck_bytes")
def create_deck(header: IdempotencyHeader, query: UploadQuery, form: DeckForm) -> Response:
    """Hand in a deck; the answer is its scan."""
    upload = cast("BinaryIO", form.deck.stream)
    return _take_in(header, query, upload, form.deck.filename or "")


@decks.post("/decks/sample", responses={201: DeckOut})
@needs(Scope.DECKS)
def create_sample_deck(header: IdempotencyHeader, query: UploadQuery) -> Response:
    """Hand in the sample deck, which holds pictures of every kind."""
    from crispdeck.sample import write_sample_deck

    with tempfile.TemporaryFile() as file:
        write_sample_deck(cast("BinaryIO", file))
        return _take_in(header, query, cast("BinaryIO", file), "Sample deck.pptx")


def _take_in(header: IdempotencyHeader, query: UploadQuery, file: BinaryIO, name: str) -> Response:
    here = engine()

    def make() -> str:
        return receive_deck(
            here,
            caller().tenant_id,
            file,
            name,
            query.options(here.settings),
            allow_signed=query.allow_signed,
            origin=Origin(query.batch),
        )

    content = answers.digest(file) + name.encode() if header.idempotency_key else b""
    deck_id, headers = once(header.idempotency_key, content, make)
    headers["Location"] = f"{V1}/decks/{deck_id}"
    return answers.answer(_shown(_deck(deck_id)), 201, headers)


@decks.post("/decks/<id:deck_id>/scan", responses={200: DeckOut})
@needs(Scope.DECKS)
def scan_anew(path: DeckPath, query: ScanQuery) -> Response:
    """Scan a deck anew and keep what is found."""
    here, deck = engine(), _deck(path.deck_id)
    found = _scan(deck, query.options(here.settings))
    kept = keep_scan(here.db, deck.tenant_id, deck.id, scan_to_json(found), brief_of(found))
    return answers.answer(DeckOut.with_scan(kept, found))


@decks.get("/decks", responses={200: DeckPage})
@needs(Scope.DECKS)
def all_decks(query: PageQuery) -> Response:
    """List decks, newest first."""
    page = list_decks(engine().db, caller().tenant_id, after=query.after, limit=query.limit)
    return answers.answer(DeckPage.of(page))


@decks.get("/decks/<id:deck_id>", responses={200: DeckOut})
@needs(Scope.DECKS)
def one_deck(path: DeckPath, query: ScanQuery) -> Response:
    """Look at a deck's scan; with any option it is scanned anew, and that scan is not kept."""
    return answers.answer(_shown(_deck(path.deck_id), query))


@decks.delete("/decks/<id:deck_id>", responses={204: None})
@needs(Scope.DECKS)
def remove_deck(path: DeckPath) -> Response:
    """Delete a deck with its jobs and results."""
    delete_deck(engine().db, caller().tenant_id, path.deck_id)
    return Response(status=204)


@decks.get("/decks/<id:deck_id>/original", responses={200: FILE})
@needs(Scope.DECKS)
def original(path: DeckPath) -> Response:
    """Get the deck as it was handed in."""
    return _original(_deck(path.deck_id))


def _original(deck: DeckRecord) -> Response:
    stream = engine().store.open(deck.object_key)
    return answers.download(
        stream, deck.size_bytes, name=deck.name, media_type=deck_type(deck.name)
    )


@decks.get("/decks/<id:deck_id>/thumbnails/<int:number>", responses={200: FILE})
@needs(Scope.DECKS)
def deck_thumbnail(path: ThumbnailPath) -> Response:
    """Get a small PNG of the picture with this number."""
    deck = _deck(path.deck_id)
    found = scan_from_json(get_scan(engine().db, deck.tenant_id, deck.id))
    if not 1 <= path.number <= len(found.pictures):
        raise NotFoundError(f"The deck has no picture {path.number}.")
    small = engine().untrusted.part_small(
        deck.object_key,
        partial(engine().decks.file, deck.object_key),
        found.pictures[path.number - 1].part,
        max_side_px=THUMBNAIL_PX,
        whose=deck.tenant_id,
    )
    return answers.picture(small, "image/png", max_age_s=THUMBNAIL_AGE_S)


@decks.get("/decks/<id:deck_id>/jobs", responses={200: JobPage})
@needs(Scope.DECKS, Scope.JOBS_READ)
def deck_jobs(path: DeckPath, query: JobsQuery) -> Response:
    """List the jobs of a deck, newest first."""
    deck = _deck(path.deck_id)
    page = list_jobs(
        engine().db,
        deck.tenant_id,
        after=query.after,
        limit=query.limit,
        deck_id=deck.id,
        state=query.state,
    )
    return answers.answer(JobPage.of(page))


@decks.post("/decks/<id:deck_id>/jobs", responses={202: JobDetail})
@needs(Scope.DECKS)
def create_job(path: DeckPath, header: IdempotencyHeader, body: DeckJobRequest) -> Response:
    """Ask for the pictures of a deck to be made sharp."""
    here, tenant_id = engine(), caller().tenant_id
    deck = _deck(path.deck_id)
    allowed = here.allowances(tenant_id)

    def make() -> str:
        _check_parts(deck, body.pictures)
        job, wakeups = create_deck_job(
            here.db,
            tenant_id,
            deck.id,
            _options(body),
            retention_days=allowed.retention_days,
            max_open_jobs=allowed.max_open_jobs,
        )
        here.announce(wakeups)
        return job.id

    job_id, headers = once(header.idempotency_key, body.model_dump_json().encode(), make)
    headers["Location"] = f"{V1}/jobs/{job_id}"
    job = get_job(here.db, tenant_id, job_id)
    return answers.answer(
        JobDetail.with_pictures(job, pictures_of(here.db, tenant_id, job_id)), 202, headers
    )


def _options(body: DeckJobRequest) -> JobOptions:
    return JobOptions(
        pictures=None if body.pictures is None else tuple(dict.fromkeys(body.pictures)),
        target_ppi=body.target_ppi,
        max_scale=body.max_scale,
        low_ppi=body.low_ppi,
        layouts=body.layouts,
        crispness=body.crispness,
        true_size=body.true_size,
    )


def _check_parts(deck: DeckRecord, parts: list[str] | None) -> None:
    if parts is None:
        return
    found: DeckScan = scan_from_json(get_scan(engine().db, deck.tenant_id, deck.id))
    unknown = sorted(set(parts) - {picture.part for picture in found.pictures})
    if unknown:
        raise InvalidRequestError(
            f"The deck has no picture {', '.join(unknown[:5])}.",
            fields={f"pictures.{part}": "not in this deck" for part in unknown[:20]},
        )


@decks.get("/decks/<id:deck_id>/enhanced", responses={200: FILE, 303: None})
@needs(Scope.DECKS)
def enhanced(path: DeckPath, query: EnhancedQuery) -> Response:
    """Get the deck with its sharp pictures."""
    deck = _deck(path.deck_id)
    return give_enhanced(deck, finished_job(engine(), deck, query.job), redirects=query.redirect)


def give_enhanced(deck: DeckRecord, job: JobRecord, *, redirects: bool) -> Response:
    """Stream the deck that a job made, or send the caller to the store that can sign links."""
    here, name, key = engine(), crisp_name(deck.name), job.result_key or ""
    if redirects and not job.kept:
        link = here.store.url(key, expires_s=LINK_LIVES_S, download_name=name)
        if link:
            return cast("Response", redirect(link, 303))
    stream, size_bytes = open_result(here, deck, job)
    return answers.download(stream, size_bytes, name=name, media_type=deck_type(name))


@decks.get("/decks/<id:deck_id>/report", responses={200: FILE})
@needs(Scope.DECKS)
def report(path: DeckPath, query: ReportQuery) -> Response:
    """Get the report with each picture before and after."""
    deck = _deck(path.deck_id)
    return give_report(deck, finished_job(engine(), deck, query.job), query.format)


def give_report(deck: DeckRecord, job: JobRecord, kind: str) -> Response:
    """Stream a job's report."""
    out, size_bytes = report_file(engine(), deck, job, kind)
    stem = crisp_name(deck.name).rsplit(".", 1)[0]
    return answers.download(
        out,
        size_bytes,
        name=f"{stem}.report.{kind}",
        media_type=REPORT_TYPES[kind],
    )


@decks.post("/decks/<id:deck_id>/revert", responses={200: FILE})
@needs(Scope.DECKS)
def revert(path: DeckPath, query: ResultQuery, body: RevertRequest) -> Response:
    """Get the sharp deck with the original bytes of some pictures, or of all, back in it."""
    here, deck = engine(), _deck(path.deck_id)
    if body.pictures is None:
        finished_job(here, deck, query.job)
        return _original(deck)
    job = finished_job(here, deck, query.job)
    with rebuild(here, deck, job, without=set(body.pictures)) as rebuilt:
        name = crisp_name(deck.name)
        return answers.download(
            rebuilt.file,
            rebuilt.result.bytes_after,
            name=name,
            media_type=deck_type(name),
        )
