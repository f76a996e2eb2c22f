"""The web server: HTTP in, HTTP out; no pixels are made here."""
