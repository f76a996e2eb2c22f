"""Limits, keys, problems and verdicts on single pictures as answers."""

from datetime import datetime
from typing import Literal, Self

from flask_openapi3.models import RawModel
from pydantic import BaseModel, Field

from crispdeck.deck.model import Verdict
from crispdeck.picture.formats import with_pixels
from crispdeck.records.people.keys import Caller, IssuedKey, Scope
from crispdeck.records.people.values import AuditRecord, KeyRecord
from crispdeck.records.rows import Page
from web.schemas.requests import Strict

PICTURE_TYPES = (
    *dict.fromkeys(one.content_type for one in with_pixels()),
    "application/octet-stream",
    "multipart/form-data",
)


class PictureBody(RawModel):
    """The bytes of a picture, or a form with the field `picture`."""

    mimetypes = list(PICTURE_TYPES)  # noqa: RUF012 - flask-openapi3 reads it from the class


class PictureVerdict(BaseModel):
    """A picture that was left alone."""

    verdict: Verdict = Verdict.LEFT
    reason: str = Field(description="such as `already_sharp`")
    why: str
    effective_ppi: float | None = None
    width_px: int | None = None
    height_px: int | None = None


class Who(BaseModel):
    """What a key is good for."""

    tenant_id: str
    key_id: str
    scopes: list[Scope]

    @classmethod
    def of(cls, caller: Caller) -> Self:
        """Show a caller."""
        return cls(tenant_id=caller.tenant_id, key_id=caller.key_id, scopes=sorted(caller.scopes))


class Limits(BaseModel):
    """What this installation takes, and what is left of it; 0 means no limit."""

    max_deck_bytes: int
    max_deck_entries: int
    max_picture_bytes: int
    max_input_px: int
    max_output_px: int
    requests_per_minute: int
    requests_left: int | None = Field(description="in this minute; null without a limit")
    max_open_jobs: int
    open_jobs: int
    max_storage_bytes: int
    storage_bytes: int = Field(description="kept now")
    retention_days: float
    max_wait_s: int = Field(description="of `Prefer: wait`")
    max_streams: int = Field(description="event streams open at once")


class KeyRequest(Strict):
    """A new key for the caller's own tenant."""

    name: str = Field(min_length=1, max_length=200)
    scopes: list[Literal["decks", "pictures", "jobs:read", "connect", "admin"]] = Field(
        min_length=1
    )
    expires_at: datetime | None = None


class NewKey(BaseModel):
    """A key, in the only answer that holds it."""

    id: str
    key: str

    @classmethod
    def of(cls, issued: IssuedKey) -> Self:
        """Show it."""
        return cls(id=issued.id, key=issued.key)


class KeyOut(BaseModel):
    """A key without its secret."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: KeyRecord) -> Self:
        """Show a record."""
        return cls(**{name: getattr(key, name) for name in cls.model_fields})


class KeyList(BaseModel):
    """All keys of the caller's tenant."""

    items: list[KeyOut]


class AuditOut(BaseModel):
    """One action of an administrator."""

    id: str
    at: datetime
    actor: str
    action: str
    target: str
    data: dict[str, object]

    @classmethod
    def of(cls, record: AuditRecord) -> Self:
        """Show a record."""
        return cls(**{name: getattr(record, name) for name in cls.model_fields})


class AuditPage(BaseModel):
    """Some actions, newest first."""

    items: list[AuditOut]
    next_after: str | None

    @classmethod
    def of(cls, page: Page[AuditRecord]) -> Self:
        """Show a page."""
        return cls(items=[AuditOut.of(each) for each in page.items], next_after=page.next_after)


class Problem(BaseModel):
    """Any error (RFC 9457)."""

    type: str = Field(description="where this kind of problem is explained")
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="stable; branch on this")
    errors: list[dict[str, str]] = Field(description="what is wrong with each field")
    retryable: bool
    request_id: str


class ProblemKind(BaseModel):
    """One kind of problem."""

    code: str
    status: int
    title: str
    retryable: bool


class ProblemKinds(BaseModel):
    """All kinds of problems that Crispdeck itself names."""

    items: list[ProblemKind]


class Health(BaseModel):
    """Which part answers."""

    status: str
    parts: dict[str, str] = {}
