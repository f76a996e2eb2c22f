"""Which scan of a deck counts."""

from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.records.shelf.decks import kept_scan
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.services.platform import Platform


def scan_of_deck(platform: Platform, deck: DeckRecord, options: ScanOptions) -> DeckScan:
    """Return the scan of a stored deck with these options; it is opened only for a new one."""
    kept = kept_scan(platform.db, deck.tenant_id, deck.id, options)
    if kept is not None:
        return kept
    with platform.decks.deck(deck.object_key) as archive:
        return platform.untrusted.scan(archive, options, whose=deck.tenant_id)


def kept_or_new_scan(
    platform: Platform, tenant_id: str, deck_id: str, deck: DeckArchive, options: ScanOptions
) -> DeckScan:
    """Return the scan of a deck that is open: the kept one where its options fit."""
    kept = kept_scan(platform.db, tenant_id, deck_id, options)
    return kept or platform.untrusted.scan(deck, options, whose=tenant_id)
