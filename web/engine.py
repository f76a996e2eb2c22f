"""What the views work with, made once per app."""

from flask import current_app

from crispdeck.services.confined import shared_pool
from crispdeck.services.platform import Platform
from crispdeck.services.preview_cache import PreviewCache
from crispdeck.services.untrusted_files import UntrustedFiles
from crispdeck.settings import Settings
from web.answer_cache import KeptAnswers
from web.limits import STREAMS_PER_TENANT, WAITS_PER_TENANT, Slots

_NAME = "crispdeck"

KEPT_DECK_BYTES = 1 << 30
"""Decks of a remote store on this server's disk: a deck that is open on a page is asked for its
thumbnails and slides dozens of times."""


PREVIEW_BYTES = 256 << 20
"""Small pictures and slides on this server's disk: some 5,000 of them."""


class Engine(Platform):
    """The parts of Crispdeck that an HTTP request can reach."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, kept_deck_bytes=KEPT_DECK_BYTES)
        self.streams = Slots(STREAMS_PER_TENANT, "event streams")
        self.answers = KeptAnswers()
        self.waits = Slots(WAITS_PER_TENANT, "waiting requests")
        self.untrusted = UntrustedFiles(
            settings, shared_pool(settings.confined_processes), PreviewCache(PREVIEW_BYTES)
        )

    @classmethod
    def start(cls, settings: Settings) -> "Engine":
        """Open all of them and bring the tables up to date."""
        engine = cls(settings)
        engine.db.migrate()
        return engine


def engine() -> Engine:
    """Return the engine of the app that serves this request."""
    found = current_app.extensions[_NAME]
    assert isinstance(found, Engine)  # noqa: S101 - create_app puts it there
    return found
