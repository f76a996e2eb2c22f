"""`crispdeck serve`: the web page, the API and the workers on this machine."""

import logging
from dataclasses import replace
from typing import Any

import click

from crispdeck.settings import Settings
from worker.serving.supervisor import serve


@click.command()
@click.option("--host", help="Address to listen on [CRISPDECK_HOST].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on [CRISPDECK_PORT].")
@click.option("-v", "--verbose", is_flag=True, help="Show the log of each process too.")
def command(host: str | None, port: int | None, *, verbose: bool) -> None:
    """Serve Crispdeck until Ctrl-C: page and API at http://127.0.0.1:8000, workers beside them.

    The first start makes a key and shows it, once.
    """
    settings = Settings.from_env()
    quiet = None if verbose else _quieter(settings.log_level)
    given: dict[str, Any] = {"host": host, "port": port, "log_level": quiet}
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = replace(settings, **chosen)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    serve(settings, click.echo)


def _quieter(level: str) -> str:
    """Leave out what only an operator reads: a person wants to see the address and the trouble."""
    return "WARNING" if level == "INFO" else level
