"""A tenant's webhooks in /admin: the secret once, the log, a test, once more."""

from collections.abc import Callable

from crispdeck.records.people.webhooks import list_webhooks
from crispdeck.records.roles import Role
from crispdeck.services.outbound import Answered
from crispdeck.services.webhooks import deliver
from tests.web.conftest import Web
from tests.web.routes.admin.conftest import Desk

Sit = Callable[[Role], Desk]


def test_a_webhook_is_added_tried_and_its_failure_is_said_in_words(web: Web, desk: Sit) -> None:
    me, path = desk(Role.ADMIN), f"/tenants/{web.tenant_id}/webhooks"
    made = me.post(path, url="https://example.org/hook", event=["job.done", "job.failed"])
    assert made.status_code == 201
    assert "whsec_" in made.text
    assert "whsec_" not in me.get(path).text
    (hook,) = list_webhooks(web.engine.db, web.tenant_id)
    me.post(f"{path}/{hook.id}/test")
    deliver(web.worker.platform, hook.id, lambda *_, **__: Answered(None, "name_unknown", 3))
    page = me.get(path).text
    assert "its name leads to no address" in page
    assert "1 of 12" in page


def test_a_refused_address_stays_typed_and_is_explained(web: Web, desk: Sit) -> None:
    page = desk(Role.ADMIN).post(
        f"/tenants/{web.tenant_id}/webhooks", url="http://10.0.0.1/", event="job.done"
    )
    assert page.status_code == 422
    assert 'value="http://10.0.0.1/"' in page.text
    assert "CRISPDECK_WEBHOOK_NETWORKS" in page.text


def test_a_viewer_is_told_which_role_it_takes(web: Web, desk: Sit) -> None:
    path = f"/tenants/{web.tenant_id}/webhooks"
    desk(Role.ADMIN).post(path, url="https://example.org/hook", event="job.done")
    page = desk(Role.VIEWER).get(path).text
    assert "needs the role operator" in page
    assert "Test</button>" not in page
