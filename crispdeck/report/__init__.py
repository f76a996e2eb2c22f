"""Before and after of one deck, for people and for programs; reads decks, changes none."""
