"""Read, measure and write single pictures; no decks, no network, no queue."""
