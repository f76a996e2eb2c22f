"""The library: pictures among which originals are looked for, and the marks that find them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crispdeck.records.tables.base import ID, SHA256, Table
from crispdeck.records.tables.work import SERIAL


class LibraryPicture(Table):
    """A picture that may be the original of others; its bytes lie where `place` says."""

    __tablename__ = "library_picture"
    __table_args__ = (
        Index(None, "tenant_id", "sha256", unique=True),
        Index(None, "tenant_id", "id"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(SHA256)
    name: Mapped[str] = mapped_column(String(1000))
    """Where it is from, for people."""
    place: Mapped[str] = mapped_column(Text)
    """A URL: `file:` and a path of this machine, with the part behind # where that is a deck."""
    deck_id: Mapped[str | None] = mapped_column(ID, index=True)
    """The deck that it goes with; no foreign key, for its marks have to go first."""
    added_by: Mapped[str] = mapped_column(String(300))
    added_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    never: Mapped[bool]
    """It must not be used, whatever it is the original of."""
    width_px: Mapped[int]
    height_px: Mapped[int]
    frame: Mapped[int] = mapped_column(BigInteger)
    """The hash of the whole frame, as a signed number of 64 bits."""
    words: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Three bytes each: by them its marks are found again when it goes."""


class LibraryMark(Table):
    """One number that a picture of the library has; those that share some may be one picture."""

    __tablename__ = "library_mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Tenant and mark in one number, so that the index is small and never mixes tenants."""
    picture_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
