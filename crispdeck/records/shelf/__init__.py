"""What is kept: decks, uploads, batches, upscales, originals, and how long."""
