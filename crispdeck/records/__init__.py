"""Tenants, decks, jobs and pictures as rows that are the truth; no object store, no broker."""
