"""Makes the web application: HTTP in, HTTP out; nothing happens at import."""

import logging

from flask import Response
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from crispdeck.json_logging import write_json_lines
from crispdeck.settings import Settings
from web import auth, bodies, document, headers, limits, metrics, problems
from web.engine import Engine
from web.routes.about import about
from web.routes.addin import addin
from web.routes.admin import admin
from web.routes.batches import batches
from web.routes.decks import decks
from web.routes.downloads import downloads
from web.routes.jobs import jobs
from web.routes.keys import keys
from web.routes.page import page
from web.routes.pairings import pairings
from web.routes.pictures import pictures
from web.routes.reviews import reviews
from web.routes.sign_in import signing_in
from web.routes.slides import slides
from web.routes.swaps import swaps
from web.routes.system import system
from web.routes.uploads import uploads
from web.routes.webhooks import webhooks
from web.schemas.system import Problem

INFO = Info(
    title="Crispdeck",
    version="1",
    summary="Finds blurred pictures in PowerPoint decks and makes them sharp.",
)


class IdConverter(BaseConverter):
    """An id of crispdeck.records.ids; anything else is no address of ours: 404."""

    regex = "[0-9a-f]{32}"


def create_app(settings: Settings | None = None) -> OpenAPI:
    """Make the app.

    Args:
        settings: from the environment if left out; one that is not allowed ends the process.

    Raises:
        SettingsError: operators log in by OpenID, and its extra is not installed.
        RecordsError: the database is away.
    """
    settings = settings or Settings.of_server()
    _log_to_stderr(settings)
    app = OpenAPI(
        "web",
        info=INFO,
        security_schemes=document.SECURITY_SCHEMES,
        validation_error_model=Problem,
        validation_error_callback=_invalid,
        doc_ui=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.url_map.converters["id"] = IdConverter
    app.extensions["crispdeck"] = Engine.start(settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    _register(app, settings)
    return app


def _register(app: OpenAPI, settings: Settings) -> None:
    """Put the pieces in the order in which a request meets them."""
    problems.register(app)
    headers.register(app)
    app.extensions["crispdeck_metrics"] = metrics.register(app)
    app.before_request(auth.identify)
    limits.register(app, settings)
    app.before_request(auth.authorise)
    bodies.register(app)
    blueprints = (
        *(batches, uploads, decks, downloads, slides, pictures, jobs, swaps, keys, pairings),
        *(reviews, webhooks, system),
    )
    for blueprint in blueprints:
        app.register_api(blueprint)
    app.register_blueprint(page)
    app.register_blueprint(about)
    app.register_blueprint(signing_in)
    app.register_blueprint(addin)
    app.register_blueprint(admin)


def _invalid(error: ValidationError) -> Response:
    raise problems.as_invalid(error)


def _log_to_stderr(settings: Settings) -> None:
    """Write one JSON object a line; who runs us decides where stderr goes."""
    logging.getLogger("crispdeck").setLevel(settings.log_level)
    logging.getLogger("web").setLevel(settings.log_level)
    if not logging.getLogger().handlers:
        write_json_lines(settings.log_level)
