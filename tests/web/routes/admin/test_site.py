"""The site of operators: its errors, its files, and what tenants do not learn of it."""

import hashlib
import re

from tests.web.conftest import Web, finished_deck
from tests.wiring.repository import REPOSITORY

VENDOR = REPOSITORY / "web" / "static" / "admin" / "vendor"


def test_an_unknown_page_of_operators_is_a_page_too(web: Web) -> None:
    answer = web.client.get("/admin/no/such/page")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_a_tenant_learns_no_name_of_a_machine(web: Web) -> None:
    _, job_id = finished_deck(web)
    events = web.client.get(f"/api/v1/jobs/{job_id}/events", headers=web.key).get_json()["items"]
    assert events
    assert all("worker" not in event["data"] for event in events)


def test_the_vendored_files_are_as_they_were_published() -> None:
    table = (VENDOR / "README.md").read_text()
    stated = dict(re.findall(r"\| `([^`]+)` \|[^|]*\|[^|]*\| `([0-9a-f]{64})` \|", table))
    there = {path.name for path in VENDOR.iterdir() if path.suffix in {".js", ".css"}}
    assert set(stated) == there
    for name, digest in stated.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
