"""What all tables share: column types, the names of constraints, the declarative base."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

from crispdeck.queue.names import QueueName
from crispdeck.records.states import EventKind, JobKind, JobState, PictureState, Stage, UploadState

ID = String(32)
SHA256 = String(64)
OBJECT_KEY = String(512)
CODE = String(64)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC on both databases; SQLite itself knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand SQLite the naive UTC time that it stores as sortable text."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every time back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def words(kind: type[StrEnum]) -> Enum:
    """Store the words of an enum as text: a new word needs no migration."""
    words = [word.value for word in kind]
    return Enum(kind, native_enum=False, length=24, values_callable=lambda _: words)


class Table(DeclarativeBase):
    """The base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        JobKind: words(JobKind),
        JobState: words(JobState),
        Stage: words(Stage),
        PictureState: words(PictureState),
        EventKind: words(EventKind),
        QueueName: words(QueueName),
        UploadState: words(UploadState),
    }
