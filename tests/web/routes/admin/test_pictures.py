"""Before and after, small and in full."""

from collections.abc import Callable

from crispdeck.records.roles import Role
from crispdeck.records.work.job import pictures_of
from tests.web.conftest import Web, finished_deck
from tests.web.routes.admin.conftest import Desk

Sit = Callable[[Role], Desk]


def test_before_and_after_are_given_small_and_in_full(web: Web, desk: Sit) -> None:
    _, job_id = finished_deck(web)
    picture = pictures_of(web.engine.db, web.tenant_id, job_id)[0]
    me = desk(Role.VIEWER)
    for which in ("before", "after"):
        for query in ("", "?full=1"):
            answer = me.get(f"/jobs/{job_id}/pictures/{picture.id}/{which}{query}")
            assert answer.status_code == 200
            assert answer.mimetype == "image/png"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    full = me.get(f"/jobs/{job_id}/pictures/{picture.id}/before?full=1").data
    assert full == web.engine.store.read(picture.source_key or "")
    assert me.get(f"/jobs/{'0' * 32}/pictures/{picture.id}/before").status_code == 404
