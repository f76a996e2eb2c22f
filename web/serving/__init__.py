"""The web application as an asynchronous server: waiting costs no thread.

Who waits, sends slowly or reads slowly is waited for in one event loop (docs/adr/0009).

`bridge` runs the Flask application in threads, one request at a time each, and does all waiting
itself; `watching` finds out for all who wait what has changed; `request_bodies` takes requests in;
`worker` is gunicorn's process, with limits of time for those who never finish a request.
"""
