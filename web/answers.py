"""Answers that several routes give: models as JSON, streamed downloads, conditional pictures."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from flask import Response, request
from pydantic import BaseModel
from werkzeug.datastructures import Headers

from crispdeck.storage import content_disposition

CHUNK_BYTES = 1 << 18  # sent at a time; a guess


def answer(
    model: BaseModel, status: int = 200, headers: Mapping[str, str] | Headers | None = None
) -> Response:
    """Give a model as JSON."""
    response = Response(model.model_dump_json(), status, mimetype="application/json")
    response.headers.update(headers or {})
    return response


def download(stream: BinaryIO, size_bytes: int, *, name: str, media_type: str) -> Response:
    """Stream a file under a name; the stream is closed at the end, read or not."""
    response = Response(_chunks(stream), mimetype=media_type, direct_passthrough=True)
    response.content_length = size_bytes
    response.headers["Content-Disposition"] = content_disposition(name)
    response.call_on_close(stream.close)
    return response


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def picture(blob: bytes, media_type: str, *, max_age_s: int = 0) -> Response:
    """Give a picture with its ETag, or 304 to whom has it."""
    response = Response(blob, mimetype=media_type)
    response.set_etag(hashlib.sha256(blob).hexdigest()[:32])
    if max_age_s:
        response.headers["Cache-Control"] = f"private, max-age={max_age_s}"
    response.make_conditional(request)
    return response


def digest(file: BinaryIO) -> bytes:
    """Return the SHA-256 of a whole file and leave it at its start."""
    found = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        found.update(chunk)
    file.seek(0)
    return found.digest()
