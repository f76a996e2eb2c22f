"""Uploads in parts: what callers send in headers, and the answer."""

import base64
import binascii
from datetime import datetime
from typing import Self

from flask_openapi3.models import RawModel
from pydantic import BaseModel, Field

from crispdeck.errors import InvalidRequestError
from crispdeck.records.shelf.uploads import expires_at
from crispdeck.records.shelf.values import UploadRecord
from crispdeck.records.states import UploadState
from web.schemas.jobs import V1

PART_TYPE = "application/offset+octet-stream"
_KNOWN = {"filename", "folder", "batch", "allow_signed"}


class PartBody(RawModel):
    """The bytes that follow those that have arrived."""

    mimetypes = [PART_TYPE]  # noqa: RUF012 - flask-openapi3 reads it from the class


class UploadPath(BaseModel):
    """An upload of the caller's tenant."""

    upload_id: str


class TusHeader(BaseModel):
    """Every request of the protocol names its version."""

    tus_resumable: str | None = Field(None, alias="Tus-Resumable", description="1.0.0")


class NewUploadHeader(TusHeader):
    """A deck that will come in parts."""

    upload_length: int = Field(alias="Upload-Length", ge=1, description="bytes of the whole deck")
    upload_metadata: str = Field(
        "",
        alias="Upload-Metadata",
        max_length=8_000,
        description="`key base64` pairs, with commas: filename, folder, batch, allow_signed",
    )

    def metadata(self) -> dict[str, str]:
        """Decode the pairs; keys that we do not know are left out.

        Raises:
            InvalidRequestError: a value is not base64 of UTF-8.
        """
        found = {}
        for pair in filter(None, map(str.strip, self.upload_metadata.split(","))):
            key, _, value = pair.partition(" ")
            try:
                found[key] = base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError, ValueError) as error:
                raise InvalidRequestError(
                    f"Upload-Metadata has no good value for {key[:50]!r}.",
                    fields={"Upload-Metadata": "pairs of a key and a value in base64"},
                ) from error
        return {key: value for key, value in found.items() if key in _KNOWN}


class PartHeader(TusHeader):
    """Where a part begins."""

    upload_offset: int = Field(alias="Upload-Offset", ge=0)


class UploadOut(BaseModel):
    """A deck on its way, or what became of it."""

    id: str
    batch_id: str | None
    name: str
    folder: str
    size_bytes: int
    offset_bytes: int
    state: UploadState
    code: str | None
    detail: str | None
    deck_id: str | None
    expires_at: datetime = Field(description="by when the next part must arrive")
    links: dict[str, str]

    @classmethod
    def of(cls, upload: UploadRecord) -> Self:
        """Show a record."""
        same = (
            *("id", "batch_id", "name", "folder", "size_bytes", "offset_bytes", "state"),
            *("code", "detail", "deck_id"),
        )
        links = {"self": f"{V1}/uploads/{upload.id}"}
        if upload.deck_id:
            links["deck"] = f"{V1}/decks/{upload.deck_id}"
        return cls(
            **{name: getattr(upload, name) for name in same},
            expires_at=expires_at(upload),
            links=links,
        )
