"""/privacy, /terms, /support: the pages that the add-in's manifests name; no data, no secret."""

from flask import Blueprint, render_template

from web.auth import public
from web.engine import engine

about = Blueprint("about", __name__)


@about.get("/privacy")
@public
def privacy() -> str:
    """Say what is sent to this server, what it keeps and for how long, and what it deletes."""
    days = engine().settings.retention_days
    return render_template(
        "about/privacy.html", retention="one day" if days == 1 else f"{days:g} days"
    )


@about.get("/terms")
@public
def terms() -> str:
    """Say on what terms this server may be used."""
    return render_template("about/terms.html")


@about.get("/support")
@public
def support() -> str:
    """Say what to do when something does not work, and whom to ask."""
    return render_template("about/support.html", contact=engine().settings.support_contact)
