"""Workers are drained and resumed, and show their load."""

from collections.abc import Callable

from crispdeck.records.roles import Role
from crispdeck.records.work.drains import is_drained
from crispdeck.records.work.heartbeats import beat
from tests.web.conftest import Web
from tests.web.routes.admin.conftest import Desk

Sit = Callable[[Role], Desk]


def test_a_worker_is_drained_and_resumed(web: Web, desk: Sit) -> None:
    beat(web.engine.db, "upscale@host:17", queues=["bulk"], doing={"networks": ["plain-x4@2"]})
    me = desk(Role.OPERATOR)
    me.post("/workers/drain", node="upscale@host")
    assert is_drained(web.engine.db, "upscale@host")
    page = me.get("/workers").text
    assert "drained" in page
    assert "plain-x4@2" in page
    me.post("/workers/resume", node="upscale@host")
    assert not is_drained(web.engine.db, "upscale@host")


def test_a_gpu_is_shown_with_its_load_or_with_word_that_it_tells_none(web: Web, desk: Sit) -> None:
    card = {
        "name": "A card",
        "memory_used_bytes": 2e9,
        "memory_bytes": 8e9,
        "memory_own_bytes": 1e9,
    }
    for number, more in enumerate(({"percent": 37}, {})):
        beat(web.engine.db, f"upscale@h:{number}", queues=["bulk"], doing={"gpu": card | more})
    page = desk(Role.VIEWER).get("/workers").text
    assert "A card, 37 % busy" in page
    assert "load not told" in page
    assert "2.0 GB of 8.0 GB in use, 1.0 GB of it here" in page
