"""Which scan of a deck counts."""

from crispdeck.deck.model import DeckScan, ScanOptions
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.scan import scan
from crispdeck.records.shelf.decks import kept_scan
from crispdeck.services.platform import Platform


def kept_or_new_scan(
    platform: Platform, tenant_id: str, deck_id: str, deck: DeckArchive, options: ScanOptions
) -> DeckScan:
    """Return the scan made when the deck came in where its options fit, else a new one."""
    return kept_scan(platform.db, tenant_id, deck_id, options) or scan(deck, options)
