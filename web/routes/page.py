"""The page at /: drop a deck, watch, take the result. All its data comes from the API."""

from flask import Blueprint, render_template

from web.auth import public
from web.engine import engine

page = Blueprint("page", __name__)


@page.get("/")
@public
def index() -> str:
    """Give the page; it holds no secret and no data."""
    settings = engine().settings
    days = settings.retention_days
    return render_template(
        "index.html",
        max_deck_bytes=settings.max_deck_bytes,
        max_deck_mib=settings.max_deck_bytes // 2**20,
        retention="one day" if days == 1 else f"{days:g} days",
    )
