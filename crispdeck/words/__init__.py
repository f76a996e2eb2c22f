"""The phrase book: every sentence about pictures and decks that people read, in one place.

Plain text without markup, for the command line, the reports, the API and the pages alike.
"""
