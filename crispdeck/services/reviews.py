"""What a review link opens: the finished decks of one batch, and nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crispdeck.errors import NotFoundError
from crispdeck.records.people.keys import IssuedKey
from crispdeck.records.shelf.batches import get_batch
from crispdeck.records.shelf.reviews import batch_of_review, share_batch
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import JobState
from crispdeck.records.work.batch_contents import BatchContents, read_contents
from crispdeck.records.work.values import JobRecord
from crispdeck.services.platform import Platform


@dataclass(frozen=True)
class Reviewed:
    """A deck that may be looked at, with its finished job."""

    deck: DeckRecord
    job: JobRecord


def make_review(
    platform: Platform, tenant_id: str, batch_id: str, *, name: str, days: float, parent_id: str
) -> tuple[IssuedKey, datetime]:
    """Make a link to a batch, and say until when it is good.

    Raises:
        NotFoundError, GoneError: no such batch of this tenant.
    """
    batch = get_batch(platform.db, tenant_id, batch_id)
    with platform.db.reading() as session:
        wanted = platform.db.now(session) + timedelta(days=days)
    expires_at = min(wanted, batch.expires_at)
    issued = share_batch(
        platform.db,
        tenant_id,
        batch_id,
        name=name,
        expires_at=expires_at,
        parent_id=parent_id,
    )
    return issued, expires_at


def reviewed_batch(
    platform: Platform, tenant_id: str, key_id: str
) -> tuple[BatchContents, list[Reviewed]]:
    """Return the batch of a link and its decks that are done, by folder and name.

    Raises:
        NotFoundError, GoneError: the link opens nothing, or not any more.
    """
    contents = read_contents(platform.db, tenant_id, batch_of_review(platform.db, key_id))
    done = [
        Reviewed(deck, job)
        for deck in contents.decks
        if (job := contents.jobs.get(deck.id)) is not None
        and job.state is JobState.DONE
        and job.result_key
    ]
    return contents, done


def reviewed_deck(platform: Platform, tenant_id: str, key_id: str, deck_id: str) -> Reviewed:
    """Return one of them. Raises NotFoundError, GoneError."""
    _, done = reviewed_batch(platform, tenant_id, key_id)
    for reviewed in done:
        if reviewed.deck.id == deck_id:
            return reviewed
    raise NotFoundError(f"There is no deck {deck_id}.")
