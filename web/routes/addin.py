"""/addin/: the PowerPoint task pane as it was built, with its manifests; no data, no secret."""

import io
import uuid
import zipfile
from pathlib import Path

from flask import Blueprint, Response, render_template, request, send_from_directory
from werkzeug.exceptions import NotFound

from crispdeck.errors import NotFoundError
from web.auth import public
from web.engine import engine

addin = Blueprint("addin", __name__, url_prefix="/addin")

BESIDE_US = Path(__file__).parents[2] / "addin" / "dist"
PLACEHOLDER = "crispdeck.example"
"""The server's name in the manifests as they are built; always behind https, as Office asks."""

ID_PLACEHOLDER = "6b8f0c1e-2a4d-4d8e-9f53-7c1d8a2e4b90"
"""The add-in's id in the manifests as they are built; each server has one of its own."""

OFFICE_SCRIPTS = "https://appsforoffice.microsoft.com"
"""Office.js must be loaded from here; Microsoft allows no copies."""

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
def about() -> str:
    """Give the page that tells how to install the pane, and shows a code to connect it."""
    return render_template(
        "addin.html",
        built=(_folder() / "taskpane.html").is_file(),
        secure=request.is_secure,
    )


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


@addin.get("/crispdeck-addin.zip")
@public
def package() -> Response:
    """Give the unified manifest with its icons, as Microsoft 365 takes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        words = sorted(path.name for path in (_folder() / WORDS_FOLDER).glob("*.json"))
        for name in (*PACKAGE, *(f"{WORDS_FOLDER}/{each}" for each in words)):
            archive.writestr(name.rpartition("/")[2], _addressed(name))
    return _attached(out.getvalue(), "crispdeck-addin.zip", "application/zip")


def _manifest(name: str, media_type: str) -> Response:
    return _attached(_addressed(name), f"crispdeck-{name}", media_type)


def _attached(blob: bytes, name: str, media_type: str) -> Response:
    response = Response(blob, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _addressed(name: str) -> bytes:
    """Read a file of the pane and write our own name where the placeholder stands."""
    path = _folder() / name
    if not path.is_file():
        raise NotFoundError("The task pane is not built here. `make addin` builds it; needs Node.")
    own_id = addin_id(f"https://{request.host}")
    return (
        path.read_bytes()
        .replace(PLACEHOLDER.encode(), request.host.encode())
        .replace(ID_PLACEHOLDER.encode(), own_id.encode())
    )


def addin_id(origin: str) -> str:
    """Return the add-in's id on a server: the same at each download, another on each server.

    One tenant of Microsoft 365 may so have two of them, one to test and one to work with.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, origin))
