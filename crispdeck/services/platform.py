"""What every program stands on: settings, records, objects, the queue, decks as files."""

import logging
from collections.abc import Iterable

from crispdeck.errors import QueueError
from crispdeck.queue.names import WakeUp
from crispdeck.queue.sending import Queue
from crispdeck.records.database import Database
from crispdeck.records.people.tenant_limits import Allowances, allowances
from crispdeck.services.deck_files import DeckFiles
from crispdeck.services.untrusted_files import UntrustedFiles
from crispdeck.settings import Settings
from crispdeck.storage import make_store

logger = logging.getLogger(__name__)


class Platform:
    """The parts of one installation, shared by all that a process does.

    Nothing is connected to before it is used. Make it in the process that does the work, never
    before a fork: open connections do not survive one.

    Args:
        settings: of this installation.
        kept_deck_bytes: decks of a remote store that may be kept on the local disk.
    """

    def __init__(self, settings: Settings, *, kept_deck_bytes: int = 0) -> None:
        self.settings = settings
        self.db = Database(settings.effective_database_url)
        self.store = make_store(settings)
        self.queue = Queue(settings)
        self.decks = DeckFiles(self.store, settings, kept_bytes=kept_deck_bytes)
        self.untrusted = UntrustedFiles(settings)

    def announce(self, wakeups: Iterable[WakeUp]) -> None:
        """Wake the workers for rows that are committed.

        A broker that is away delays the work and does not refuse it: the sweeper announces again.
        """
        try:
            self.queue.send(wakeups)
        except QueueError as error:
            logger.warning("rows wait for the sweeper: %s", error)

    def allowances(self, tenant_id: str) -> Allowances:
        """Return what a tenant may ask for and keep."""
        return allowances(self.db, tenant_id, self.settings)
