"""What the views work with: settings, records, objects and the queue, made once per app."""

from dataclasses import dataclass

from flask import current_app

from crispdeck.queue.sending import Queue
from crispdeck.records.database import Database
from crispdeck.records.people.tenant_limits import Allowances, allowances
from crispdeck.settings import Settings
from crispdeck.storage import ObjectStore, make_store
from web.deck_files import DeckFiles
from web.limits import StreamSlots

_NAME = "crispdeck"


@dataclass(frozen=True)
class Engine:
    """The parts of Crispdeck that an HTTP request can reach."""

    settings: Settings
    db: Database
    store: ObjectStore
    queue: Queue
    decks: DeckFiles
    streams: StreamSlots

    @classmethod
    def start(cls, settings: Settings) -> "Engine":
        """Open all of them and bring the tables up to date."""
        db = Database(settings.effective_database_url)
        db.migrate()
        store = make_store(settings)
        return cls(
            settings=settings,
            db=db,
            store=store,
            queue=Queue(settings),
            decks=DeckFiles(store, settings),
            streams=StreamSlots(),
        )

    def allowances(self, tenant_id: str) -> Allowances:
        """Return what a tenant may ask for and keep."""
        return allowances(self.db, tenant_id, self.settings)


def engine() -> Engine:
    """Return the engine of the app that serves this request."""
    found = current_app.extensions[_NAME]
    assert isinstance(found, Engine)  # noqa: S101 - create_app puts it there
    return found
