"""Open Packaging Conventions (ECMA-376 part 2): an open deck, its parts and their markup."""
