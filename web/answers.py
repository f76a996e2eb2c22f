"""Answers that several routes give: models as JSON, streamed downloads, conditional pictures."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from flask import Response, request
from pydantic import BaseModel
from werkzeug.datastructures import Headers

from crispdeck.picture.formats import PictureFormat
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
    response = Response(_Chunks(stream), mimetype=media_type, direct_passthrough=True)
    response.content_length = size_bytes
    response.headers["Content-Disposition"] = content_disposition(name)
    return response


class _Chunks:
    """A file in pieces, closed at its end or with the answer, whichever comes first.

    Of an answer that is passed through, a server closes this and nothing else; a generator that
    was never begun would close nothing.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = b"" if self._stream.closed else self._stream.read(CHUNK_BYTES)
        if len(chunk) < CHUNK_BYTES:
            self.close()
        if not chunk:
            raise StopIteration
        return chunk

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def picture(blob: bytes, media_type: str, *, max_age_s: int = 0) -> Response:
    """Give a picture with its ETag, or 304 to whom has it."""
    response = Response(blob, mimetype=media_type)
    response.set_etag(hashlib.sha256(blob).hexdigest()[:32])
    if max_age_s:
        response.headers["Cache-Control"] = f"private, max-age={max_age_s}"
    response.make_conditional(request)
    return response


def picture_file(file: BinaryIO, media_type: str, *, tag: str, max_age_s: int = 0) -> Response:
    """Stream a picture with its ETag, or 304 to whom has it; the file is closed at the end."""
    response = Response(_Chunks(file), mimetype=media_type, direct_passthrough=True)
    response.content_length = os.fstat(file.fileno()).st_size
    response.set_etag(tag)
    if max_age_s:
        response.headers["Cache-Control"] = f"private, max-age={max_age_s}"
    response.make_conditional(request)
    if response.status_code == 304:  # nobody will read it
        file.close()
    return response


def never_opened(response: Response, kind: PictureFormat) -> Response:
    """Have a drawing saved and not opened by a browser: an SVG may hold scripts."""
    if kind.is_vector:
        response.headers["Content-Disposition"] = "attachment"
    return response


def digest(file: BinaryIO) -> bytes:
    """Return the SHA-256 of a whole file and leave it at its start."""
    found = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        found.update(chunk)
    file.seek(0)
    return found.digest()
