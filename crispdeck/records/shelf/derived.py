"""What is made of decks and can be made again, as rows; the bytes lie in the object store."""

from sqlalchemy import select

from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.decks import lock_deck
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.tables import DerivedFile


def find_derived(db: Database, deck_id: str, kind: str, source: str) -> tuple[str, int] | None:
    """Return the key and the size in bytes of what was made from `source`; None if nothing was."""
    with db.reading() as session:
        query = (
            select(DerivedFile.object_key, DerivedFile.size_bytes)
            .where(
                DerivedFile.deck_id == deck_id,
                DerivedFile.kind == kind,
                DerivedFile.source == source,
            )
            .order_by(DerivedFile.id)
        )
        found = session.execute(query).first()
        return None if found is None else (found[0], found[1])


def keep_derived(
    db: Database, deck: DeckRecord, kind: str, source: str, *, object_key: str, size_bytes: int
) -> None:
    """Note what lies in the store under a key of its own; it goes when its deck goes.

    Two that make the same at once leave two rows, and the older one is given.

    Raises:
        NotFoundError, GoneError: the deck is not there any more.
    """
    with db.session() as session:
        now = db.now(session)
        lock_deck(session, deck.tenant_id, deck.id, now)
        session.add(
            DerivedFile(
                id=new_id(),
                deck_id=deck.id,
                kind=kind,
                source=source,
                object_key=object_key,
                size_bytes=size_bytes,
                created_at=now,
            )
        )
