"""/webhooks: added with a secret shown once, tried, logged, deleted; of one's own tenant alone."""

from typing import Any

import pytest

from crispdeck.records.people.keys import Scope
from crispdeck.services.outbound import Answered
from crispdeck.services.webhooks import deliver
from tests.web.conftest import Web

PATH = "/api/v1/webhooks"


def add(web: Web, **changes: object) -> Any:
    body = {"url": "https://example.org/hook", "events": ["job.done"], **changes}
    return web.client.post(PATH, headers=web.key, json=body)


def test_a_webhook_is_added_tried_and_deleted(web: Web) -> None:
    made = add(web).get_json()
    assert made["secret"].startswith("whsec_")
    (listed,) = web.client.get(PATH, headers=web.key).get_json()["items"]
    assert listed["url"] == "https://example.org/hook"
    assert "secret" not in listed
    sent = web.client.post(f"{PATH}/{made['id']}/test", headers=web.key)
    assert sent.status_code == 202
    deliver(web.worker.platform, made["id"], lambda *_, **__: Answered(500, "not_taken", 3))
    log = web.client.get(f"{PATH}/{made['id']}/deliveries", headers=web.key).get_json()["items"]
    assert [(each["event"], each["state"], each["words"]) for each in log] == [
        ("test", "waiting", "it did not take it (500)")
    ]
    assert log[0]["id"] == sent.get_json()["delivery_id"]
    assert web.client.delete(f"{PATH}/{made['id']}", headers=web.key).status_code == 204
    assert web.client.get(PATH, headers=web.key).get_json()["items"] == []
    actions = [
        each["action"]
        for each in web.client.get("/api/v1/audit", headers=web.key).get_json()["items"]
    ]
    assert actions == ["webhook.delete", "webhook.test", "webhook.add"]


@pytest.mark.parametrize(
    "changes",
    [{"url": "http://example.org/"}, {"url": "nowhere"}, {"events": []}, {"events": ["all"]}],
)
def test_what_makes_no_sense_is_refused(web: Web, changes: dict[str, object]) -> None:
    assert add(web, **changes).status_code in {400, 422}


def test_there_is_an_end_to_how_many(web: Web) -> None:
    codes = [add(web).status_code for _ in range(11)]
    assert codes == [201] * 10 + [429]


def test_a_strangers_webhook_does_not_exist(web: Web) -> None:
    made = add(web).get_json()
    stranger = web.stranger()
    for method, path in (("delete", ""), ("post", "/test"), ("get", "/deliveries")):
        call = getattr(web.client, method)
        assert call(f"{PATH}/{made['id']}{path}", headers=stranger).status_code == 404


def test_a_key_without_the_scope_admin_opens_nothing(web: Web) -> None:
    assert web.client.get(PATH, headers=web.new_key(Scope.DECKS)).status_code == 403
