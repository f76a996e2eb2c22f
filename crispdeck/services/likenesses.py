"""Slides as a deck came or as a finished job has left it, drawn as SVG from the deck itself."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.work.values import JobRecord
from crispdeck.services.platform import Platform
from crispdeck.services.results import rebuild
from crispdeck.services.untrusted_files import Detail


def draw_likeness(
    platform: Platform,
    deck: DeckRecord,
    number: int,
    *,
    job: JobRecord | None = None,
    detail: Detail = Detail.SMALL,
) -> bytes:
    """Draw a slide as SVG.

    Args:
        number: in the order of the show, from 1.
        job: a finished one: draws the deck that it made, with the originals that were asked back
            in it. None: as the deck was handed in.
        detail: how much of the pictures is in it.

    Raises:
        NotFoundError: the deck has no such slide.
        DeckRefusedError: the slide cannot be drawn.
        ObjectMissingError: the deck is gone.
    """
    key = deck.object_key if job is None else job.result_key or ""
    opened = partial(platform.decks.file, key)
    if job is not None and job.kept:
        kept = hashlib.sha256("\n".join(sorted(job.kept)).encode()).hexdigest()
        key, opened = f"{key} without {kept}", partial(_rebuilt, platform, deck, job)
    return platform.untrusted.slide(key, opened, number, whose=deck.tenant_id, detail=detail)


@contextmanager
def _rebuilt(platform: Platform, deck: DeckRecord, job: JobRecord) -> Iterator[BinaryIO]:
    with rebuild(platform, deck, job) as rebuilt, rebuilt.file:
        yield rebuilt.file
