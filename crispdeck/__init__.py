"""What web and worker share: decks, pictures, jobs, storage, queue; no Flask, no torch."""
