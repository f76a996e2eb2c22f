"""The system: do its parts answer, and how fast; the sweeper's last run; versions; settings."""

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from flask import render_template

from crispdeck.errors import CrispdeckError
from crispdeck.records.figures.last_runs import SWEEP, get_mark
from crispdeck.records.roles import Role
from crispdeck.services.alarms import is_late
from crispdeck.settings import SettingDescription, Settings, describe, source_of
from crispdeck.words.numbers import DASH
from web.auth import needs_role
from web.engine import engine
from web.routes.admin.site import admin
from web.routes.admin.words import size

PACKAGES = ("crispdeck", "flask", "celery", "sqlalchemy", "boto3", "pillow", "python-pptx")


@dataclass(frozen=True)
class Check:
    """Whether a part answers."""

    name: str
    what: str
    ok: bool
    took_s: float
    words: str = ""
    """What is wrong."""


@admin.get("/system")
@needs_role(Role.VIEWER)
def system_page() -> str:
    """Ask every part now, and show what is in force."""
    here = engine()
    depths = here.queue.depths()
    settings, sweep = here.settings, get_mark(here.db, SWEEP)
    return render_template(
        "admin/system.html",
        checks=[
            _check("Database", f"{here.db.version()}", here.db.ping),
            _check("Broker", "files" if settings.is_embedded else "Redis", here.queue.ping),
            _check(
                "Object store",
                "a folder" if not settings.storage_url else "S3",
                here.store.ping,
            ),
        ],
        messages={queue.value: count for queue, count in (depths or {}).items()},
        sweep=sweep,
        is_late=is_late(sweep.at if sweep else None, settings),
        versions={
            "Python": platform.python_version(),
            **{name: version(name) for name in PACKAGES},
        },
        settings=_in_force(settings),
    )


def _check(name: str, what: str, ping: Callable[[], None]) -> Check:
    began = time.perf_counter()
    try:
        ping()
    except CrispdeckError as error:
        return Check(name, what, ok=False, took_s=time.perf_counter() - began, words=error.message)
    return Check(name, what, ok=True, took_s=time.perf_counter() - began)


def _in_force(settings: Settings) -> list[dict[str, Any]]:
    """Show each setting with where it comes from; a secret only says if it is set."""
    defaults = Settings()
    return [
        {
            "variable": item.env_name,
            "value": _shown(item, getattr(settings, item.name)),
            "default": _shown(item, getattr(defaults, item.name)),
            "source": source_of(settings, item),
            "meaning": item.meaning,
        }
        for item in describe()
    ]


def _shown(item: SettingDescription, value: Any) -> str:
    if item.is_secret:
        return "(set, hidden)" if value else DASH
    if item.name.endswith("_bytes"):
        return f"{value:,} ({size(value)})" if value else "0"
    return f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value) or DASH
