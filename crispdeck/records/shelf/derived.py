"""What is made of decks and can be made again, as rows; the bytes lie in the object store."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.rows import FromRow
from crispdeck.records.shelf.decks import lock_deck
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.tables import DerivedFile


@dataclass(frozen=True, kw_only=True)
class DerivedRecord(FromRow):
    """Something that was made, and what must be in its object."""

    object_key: str
    size_bytes: int
    sha256: str


def find_derived(
    db: Database, deck_id: str, job_id: str, kind: str, source: str
) -> DerivedRecord | None:
    """Return what was made of this kind from `source`; None if nothing was."""
    with db.reading() as session:
        row = session.scalars(
            select(DerivedFile)
            .where(
                DerivedFile.deck_id == deck_id,
                DerivedFile.job_id == job_id,
                DerivedFile.kind == kind,
                DerivedFile.source == source,
            )
            .order_by(DerivedFile.id.desc())
        ).first()
        return None if row is None else DerivedRecord.of(row)


def keep_derived(
    db: Database, deck: DeckRecord, job_id: str, kind: str, source: str, made: DerivedRecord
) -> list[str]:
    """Note what lies in the store under a key of its own; it goes when its deck goes.

    Returns:
        Keys of what was made of this kind for this job before, which no row knows any more.

    Raises:
        NotFoundError, GoneError: the deck is not there any more.
    """
    with db.session() as session:
        now = db.now(session)
        lock_deck(session, deck.tenant_id, deck.id, now)
        older = session.scalars(
            delete(DerivedFile)
            .where(
                DerivedFile.deck_id == deck.id,
                DerivedFile.job_id == job_id,
                DerivedFile.kind == kind,
            )
            .returning(DerivedFile.object_key)
        )
        keys = list(older)
        session.add(
            DerivedFile(
                id=new_id(),
                tenant_id=deck.tenant_id,
                deck_id=deck.id,
                job_id=job_id,
                kind=kind,
                source=source,
                object_key=made.object_key,
                size_bytes=made.size_bytes,
                sha256=made.sha256,
                created_at=now,
            )
        )
        return keys


def forget_derived(db: Database, object_key: str) -> None:
    """Take out the row of something whose object is lost or damaged: it will be made again."""
    with db.session() as session:
        session.execute(delete(DerivedFile).where(DerivedFile.object_key == object_key))
