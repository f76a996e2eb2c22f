"""What docs/lineage.md shows: measured, drawn and written; trains nothing itself."""
