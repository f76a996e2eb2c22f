"""/uploads: decks that come in parts and go on where they broke off (tus 1.0.0)."""

from email.utils import format_datetime

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.errors import DeckTooLargeError, InvalidRequestError
from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.uploads import cancel_upload, create_upload, expires_at, get_upload
from crispdeck.records.shelf.values import UploadRecord
from crispdeck.services.deck_intake import clean_folder, clean_name
from crispdeck.services.uploads import take_part
from web import answers
from web.auth import caller, needs
from web.bodies import body_of, takes
from web.engine import engine
from web.schemas.jobs import V1
from web.schemas.requests import is_id
from web.schemas.uploads import (
    PART_TYPE,
    NewUploadHeader,
    PartBody,
    PartHeader,
    TusHeader,
    UploadOut,
    UploadPath,
)

uploads = APIBlueprint(
    "uploads", __name__, url_prefix=V1, abp_tags=[Tag(name="uploads", description="In parts")]
)

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"


@uploads.after_request
def _progress(response: Response) -> Response:
    """Name the protocol in every answer, and what of it we speak where that is asked."""
    response.headers["Tus-Resumable"] = VERSION
    if request.method == "OPTIONS":
        response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Extension"] = EXTENSIONS
        response.headers["Tus-Max-Size"] = str(engine().settings.max_deck_bytes)
    return response


@uploads.post("/uploads", responses={201: UploadOut})
@needs(Scope.DECKS)
def begin_upload(header: NewUploadHeader) -> Response:
    """Begin to send a deck in parts; it may be one of a batch."""
    _check_version(header)
    here, metadata = engine(), header.metadata()
    if header.upload_length > here.settings.max_deck_bytes:
        raise DeckTooLargeError(
            f"The deck has {header.upload_length:,} bytes; at most "
            f"{here.settings.max_deck_bytes:,} are taken."
        )
    batch_id = metadata.get("batch") or None
    if batch_id and not is_id(batch_id):
        raise InvalidRequestError(
            "A batch's id has 32 hexadecimal digits.", fields={"batch": "not an id"}
        )
    upload = create_upload(
        here.db,
        caller().tenant_id,
        batch_id=batch_id,
        name=clean_name(metadata.get("filename", "")),
        folder=clean_folder(metadata.get("folder", "")),
        size_bytes=header.upload_length,
        allow_signed=metadata.get("allow_signed") == "true",
        max_stored_bytes=here.allowances(caller().tenant_id).max_storage_bytes,
    )
    headers = _headers(upload) | {"Location": f"{V1}/uploads/{upload.id}"}
    return answers.answer(UploadOut.of(upload), 201, headers)


@uploads.get("/uploads/<id:upload_id>", responses={200: UploadOut})
@needs(Scope.DECKS)
def one_upload(path: UploadPath, header: TusHeader) -> Response:
    """See how much has arrived, and what became of it; HEAD gives the same in headers."""
    _check_version(header)
    upload = get_upload(engine().db, caller().tenant_id, path.upload_id)
    headers = _headers(upload) | {"Cache-Control": "no-store"}
    return answers.answer(UploadOut.of(upload), 200, headers)


@uploads.patch("/uploads/<id:upload_id>", responses={204: None})
@needs(Scope.DECKS)
@takes(PART_TYPE, limit="max_deck_bytes")
def add_to_upload(path: UploadPath, header: PartHeader, raw: PartBody) -> Response:
    """Send the next part; with the last one the deck is looked through."""
    _check_version(header)
    upload = get_upload(engine().db, caller().tenant_id, path.upload_id)
    upload = take_part(engine(), upload, header.upload_offset, body_of(raw))
    return Response(status=204, headers=_headers(upload))


@uploads.delete("/uploads/<id:upload_id>", responses={204: None})
@needs(Scope.DECKS)
def end_upload(path: UploadPath, header: TusHeader) -> Response:
    """Give an upload up; its parts are deleted."""
    _check_version(header)
    cancel_upload(engine().db, caller().tenant_id, path.upload_id)
    return Response(status=204)


def _headers(upload: UploadRecord) -> dict[str, str]:
    return {
        "Upload-Offset": str(upload.offset_bytes),
        "Upload-Length": str(upload.size_bytes),
        "Upload-Expires": format_datetime(expires_at(upload), usegmt=True),
        "Crispdeck-Upload-State": upload.state.value,
    }


def _check_version(header: TusHeader) -> None:
    if header.tus_resumable not in {None, VERSION}:
        raise InvalidRequestError(
            f"Version {header.tus_resumable[:20]} of tus is not supported; send {VERSION}.",
            fields={"Tus-Resumable": VERSION},
        )
