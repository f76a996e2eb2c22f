"""An app on an empty embedded stack, keys of two tenants, decks made by script, and a worker."""

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from PIL import Image
from pptx import Presentation
from pptx.util import Inches
from werkzeug.routing import Rule

from crispdeck.records.people.keys import Scope, create_tenant, issue_key
from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.settings import Settings
from tests.interpolating_worker import InterpolatingWorker
from web.app import create_app
from web.engine import Engine

Headers = dict[str, str]

WIDE_SLIDE = Inches(40 / 3)
"""A slide of today's PowerPoint; python-pptx begins with one of 10 in."""


@dataclass(frozen=True)
class Web:
    """One app, one caller who may do everything, and a worker that stands still until asked."""

    app: OpenAPI
    client: FlaskClient
    engine: Engine
    tenant_id: str
    key: Headers
    worker: InterpolatingWorker

    def new_key(self, *scopes: Scope, tenant_id: str | None = None) -> Headers:
        """A key of this tenant, or of another one."""
        issued = issue_key(self.engine.db, tenant_id or self.tenant_id, scopes, "test")
        return {"Authorization": f"Bearer {issued.key}"}

    def stranger(self) -> Headers:
        """A key with all scopes of a tenant that has nothing."""
        return self.new_key(*Scope, tenant_id=create_tenant(self.engine.db, "stranger"))


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once() -> Iterator[None]:
    """Let all apps share what Werkzeug compiles for an address: most of what an app costs."""
    shared: dict[tuple[object, ...], Any] = {}
    compiled = Rule._compile_builder

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:
            return compiled(rule, append_unknown)
        key = (*rule._trace, append_unknown)
        if key not in shared:
            shared[key] = compiled(rule, append_unknown)
        return shared[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_builder)
        yield


def start(settings: Settings) -> Web:
    app = create_app(settings)
    engine: Engine = app.extensions["crispdeck"]
    tenant_id = create_tenant(engine.db, "owner")
    issued = issue_key(engine.db, tenant_id, Scope, "test")
    key = {"Authorization": f"Bearer {issued.key}"}
    worker = InterpolatingWorker(WorkerPlatform(settings, node="test"))
    return Web(app, app.test_client(), engine, tenant_id, key, worker)


@pytest.fixture
def start_web(tmp_path: Path) -> Iterator[Callable[..., Web]]:
    """Starts an app whose settings differ from the defaults."""
    started: list[Web] = []

    def make(**changes: object) -> Web:
        settings = Settings(data_dir=tmp_path / "data", requests_per_minute=0)
        web = start(replace(settings, **changes))  # type: ignore[arg-type]
        started.append(web)
        return web

    yield make
    for web in started:
        web.worker.close()
        web.engine.db.dispose()


@pytest.fixture
def web(start_web: Callable[..., Web]) -> Web:
    """An app with the default settings, and no limit of requests."""
    return start_web()


@pytest.fixture
def working(web: Web) -> Iterator[None]:
    """Let the worker work beside the test."""
    stop = threading.Event()
    thread = threading.Thread(target=web.worker.work_until, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join()


def picture_blob(
    width_px: int = 96, height_px: int = 64, kind: str = "PNG", seed: int = 1
) -> bytes:
    """A small picture with edges; another seed gives other bytes."""
    picture = Image.new("RGB", (width_px, height_px), (seed * 40 % 256, 90, 160))
    picture.paste((250, 240, 30), (seed % 7, 5, width_px // 2, height_px // 2))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


@cache
def deck_blob(pictures: int = 2, *, sharp: int = 1) -> bytes:
    """A deck: some pictures shown at 24 ppi, and some at more than 110.

    Kept, since a zip bears the time when it was made: a second one could have other bytes.
    """
    deck = Presentation()
    deck.slide_width = WIDE_SLIDE
    for number in range(1, pictures + sharp + 1):
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        is_low = number <= pictures
        side_px = 96 if is_low else 480
        blob = io.BytesIO(picture_blob(side_px, side_px, seed=number))
        slide.shapes.add_picture(blob, Inches(1), Inches(1), Inches(4), Inches(4))
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def send_deck(web: Web, blob: bytes | None = None, name: str = "talk.pptx", **query: str) -> str:
    """Upload a deck and return its id."""
    answer = web.client.post(
        "/api/v1/decks",
        headers=web.key,
        query_string=query,
        data={"deck": (io.BytesIO(blob or deck_blob()), name)},
    )
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["id"])


def send_job(web: Web, deck_id: str, **body: object) -> str:
    """Ask for a deck's pictures and return the job's id."""
    answer = web.client.post(f"/api/v1/decks/{deck_id}/jobs", headers=web.key, json=body)
    assert answer.status_code == 202, answer.get_json()
    return str(answer.get_json()["id"])


def finished_deck(web: Web) -> tuple[str, str]:
    """Upload a deck and have it worked off; return the ids of deck and job."""
    deck_id = send_deck(web)
    job_id = send_job(web, deck_id)
    web.worker.work_off()
    return deck_id, job_id
