"""A finished deck by a link that a browser without a key can open, for some minutes.

Where PowerPoint saves no files from its panes (Mac, iPad), the pane gives the browser such a link.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from crispdeck.deck.names import crisp_name, deck_type
from crispdeck.records.people.keys import Caller
from crispdeck.records.people.links import Link, open_link, sign_link
from crispdeck.records.shelf.decks import get_deck
from crispdeck.services.platform import Platform
from crispdeck.services.results import finished_job, open_result

LIVES = timedelta(minutes=15)
"""Long enough to change over to a browser and to log in to a proxy; the pane renews it."""


@dataclass(frozen=True)
class LinkedFile:
    """What a link opens; whoever gets it closes the stream."""

    stream: BinaryIO
    size_bytes: int
    name: str
    media_type: str


def link_result(platform: Platform, caller: Caller, deck_id: str, job_id: str | None) -> Link:
    """Sign a link to the deck that a job made, the latest finished one if none is named.

    Raises:
        NotFoundError: no such deck or job of the caller's tenant.
        ConflictError: the job is not finished.
    """
    deck = get_deck(platform.db, caller.tenant_id, deck_id)
    job = finished_job(platform, deck, job_id)
    return sign_link(platform.db, caller, f"{deck.id}.{job.id}", lives=LIVES)


def open_linked(platform: Platform, token: str) -> LinkedFile:
    """Open the deck behind a link.

    Raises:
        NotFoundError: the link is not from here, its key has ended, or the deck was deleted.
        GoneError: the link has ended.
    """
    opened = open_link(platform.db, token)
    deck_id, _, job_id = opened.subject.partition(".")
    deck = get_deck(platform.db, opened.tenant_id, deck_id)
    stream, size_bytes = open_result(platform, deck, finished_job(platform, deck, job_id))
    name = crisp_name(deck.name)
    return LinkedFile(stream, size_bytes, name, deck_type(name))
