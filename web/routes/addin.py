"""/addin/: the PowerPoint task pane as it was built, with its manifests; no data.

No secret either, but in the manifests that an administrator asks for with a key of the scope
`connect`: everybody to whom such a manifest is given is connected without a code.
"""

import io
import uuid
import zipfile
from pathlib import Path
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from flask import Blueprint, Response, make_response, render_template, request, send_from_directory
from werkzeug.exceptions import NotFound

from crispdeck.errors import InvalidRequestError, NotFoundError
from crispdeck.records.people.keys import Scope, find_key
from web.auth import public
from web.bodies import takes
from web.engine import engine
from web.headers import PAGE_POLICY

addin = Blueprint("addin", __name__, url_prefix="/addin")

BESIDE_US = Path(__file__).parents[2] / "addin" / "dist"
PLACEHOLDER = "crispdeck.example"
"""The server's name in the manifests as they are built; always behind https, as Office asks."""

ID_PLACEHOLDER = "6b8f0c1e-2a4d-4d8e-9f53-7c1d8a2e4b90"
"""The add-in's id in the manifests as they are built; each server has one of its own."""

OFFICE_SCRIPTS = "https://appsforoffice.microsoft.com"
"""Office.js must be loaded from here; Microsoft allows no copies."""

PANE = "/addin/taskpane.html"
FORM = "application/x-www-form-urlencoded"

HASHED_AGE_S = 31_536_000  # a year, the longest that RFC 2616, 14.21, advised
PACKAGE = ("manifest.json", "icons/color.png", "icons/outline.png")
WORDS_FOLDER = "package"
"""The words of the package in other languages, a file each."""


def pane_policy(hosts: str) -> str:
    """Return the pane's Content-Security-Policy; `hosts` may show it in a frame.

    Office.js puts style elements into the page: hence 'unsafe-inline' for styles, and only there.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {OFFICE_SCRIPTS}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors 'self' {hosts}".strip(),
        )
    )


def _folder() -> Path:
    configured = engine().settings.addin_dir
    return Path(configured) if configured else BESIDE_US


def _open_to_office(response: Response) -> Response:
    """Let Office frame the page, open its dialogs and load its icons."""
    response.headers["Content-Security-Policy"] = pane_policy(engine().settings.addin_hosts)
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@addin.get("/")
@public
def about() -> Response:
    """Give the page that explains how to install the pane, and shows a code to connect it."""
    page = render_template(
        "addin.html",
        built=(_folder() / "taskpane.html").is_file(),
        secure=request.is_secure,
        sign_in=bool(engine().settings.oidc_pane_tenants),
    )
    response = make_response(page)
    # The form that makes a manifest for an organisation.
    policy = PAGE_POLICY.replace("form-action 'none'", "form-action 'self'")
    response.headers["Content-Security-Policy"] = policy
    return response


@addin.get("/<path:name>")
@public
def pane_file(name: str) -> Response:
    """Give a file of the built pane."""
    folder = _folder()
    if not (folder / "taskpane.html").is_file():
        raise NotFoundError("The task pane is not built here. `make addin` builds it; needs Node.")
    try:
        response = send_from_directory(folder, name)
    except NotFound as error:
        raise NotFoundError(f"The task pane has no file {name[:200]!r}.") from error
    if name.startswith("icons/"):
        # Office shows a general icon where a server says anything about caching (the manifest
        # reference, element Image).
        del response.headers["Cache-Control"]
    elif name.startswith("assets/"):  # their names change with their content
        response.headers["Cache-Control"] = f"public, max-age={HASHED_AGE_S}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return _open_to_office(response)


@addin.get("/manifest.xml")
@public
def xml_manifest() -> Response:
    """Give the add-in only manifest, with this server's address in it."""
    return _manifest("manifest.xml", "application/xml")


@addin.get("/manifest.json")
@public
def json_manifest() -> Response:
    """Give the unified manifest, with this server's address in it."""
    return _manifest("manifest.json", "application/json")


@addin.post("/manifest.xml")
@public
@takes(FORM)
def xml_manifest_for_all() -> Response:
    """Give the add-in only manifest that connects everybody who gets it."""
    return _manifest("manifest.xml", "application/xml", _pane_query())


@addin.get("/crispdeck-addin.zip")
@public
def package() -> Response:
    """Give the unified manifest with its icons, as Microsoft 365 takes it."""
    return _package("")


@addin.post("/crispdeck-addin.zip")
@public
@takes(FORM)
def package_for_all() -> Response:
    """Give the package that connects everybody who gets it."""
    return _package(_pane_query())


def _pane_query() -> str:
    """Read from a form what the pane shall know from its first start on.

    Raises:
        InvalidRequestError: the key is unknown, or may do more than connect panes.
    """
    key = request.form.get("connect", "").strip()
    hint = request.form.get("domain_hint", "").strip()[:200]
    if key:
        found = find_key(engine().db, key)
        if found is None or found.scopes != {Scope.CONNECT}:
            raise InvalidRequestError(
                "A manifest is read by everybody who gets it: it takes only a key of the scope "
                "`connect` and no other. `crispdeck key new NAME --scope connect` makes one."
            )
    given = {"connect": key, "domain_hint": hint}
    return urlencode({name: value for name, value in given.items() if value})


def _package(query: str) -> Response:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        words = sorted(path.name for path in (_folder() / WORDS_FOLDER).glob("*.json"))
        for name in (*PACKAGE, *(f"{WORDS_FOLDER}/{each}" for each in words)):
            archive.writestr(name.rpartition("/")[2], _addressed(name, query))
    return _attached(out.getvalue(), "crispdeck-addin.zip", "application/zip")


def _manifest(name: str, media_type: str, query: str = "") -> Response:
    return _attached(_addressed(name, query), f"crispdeck-{name}", media_type)


def _attached(blob: bytes, name: str, media_type: str) -> Response:
    response = Response(blob, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _addressed(name: str, query: str) -> bytes:
    """Read a file of the pane and write our own name where the placeholder stands."""
    path = _folder() / name
    if not path.is_file():
        raise NotFoundError("The task pane is not built here. `make addin` builds it; needs Node.")
    own_id = addin_id(f"https://{request.host}")
    pane = f"{PANE}?{query}" if query else PANE
    text = path.read_text(encoding="utf-8") if path.suffix in {".json", ".xml"} else None
    if text is None:
        return path.read_bytes()
    return (
        text.replace(PLACEHOLDER, request.host)
        .replace(ID_PLACEHOLDER, own_id)
        .replace(PANE, escape(pane) if path.suffix == ".xml" else pane)
        .encode()
    )


def addin_id(origin: str) -> str:
    """Return the add-in's id on a server: the same at each download, another on each server.

    One tenant of Microsoft 365 may so have two of them, one to test and one to work with.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, origin))
