"""Read and rewrite decks: bytes in, bytes out; no network, no queue, no model."""
