"""What has ended is told once it is committed, signed, in order, and again until it is taken."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from crispdeck.queue.names import QueueName
from crispdeck.records.people.webhooks import (
    NewWebhook,
    WebhookEvent,
    add_webhook,
    list_deliveries,
    send_again,
    send_test,
)
from crispdeck.records.states import DeliveryState
from crispdeck.records.tables import WebhookDelivery
from crispdeck.records.work.deliveries import (
    MOST_ATTEMPTS,
    claim_delivery,
    due_webhooks,
    end_delivery,
)
from crispdeck.records.work.job import cancel_job
from crispdeck.services.outbound import Answered
from crispdeck.services.sweep import sweep
from crispdeck.services.webhooks import deliver
from crispdeck.services.worker_platform import WorkerPlatform
from tests.office import Office
from tests.small_deck import deck_of, picture_blob


class Receiver:
    """Takes what is sent as often as it is told to."""

    def __init__(self, *codes: str | None) -> None:
        self.codes = list(codes)
        self.came: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str], **_: object) -> Answered:
        self.came.append((url, body, headers))
        code = self.codes.pop(0) if self.codes else None
        return Answered(500 if code else 200, code, 5)


@pytest.fixture
def hook(office: Office[WorkerPlatform]) -> NewWebhook:
    return add_webhook(
        office.context.db, office.tenant_id, "https://example.org/", list(WebhookEvent)
    )


def log(office: Office[WorkerPlatform]) -> list[Any]:
    return list_deliveries(office.context.db, office.tenant_id)


def make_due(office: Office[WorkerPlatform]) -> None:
    with office.context.db.session() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(WebhookDelivery).values(not_before=past))


def test_the_end_of_a_job_is_told_with_a_signature_that_fits(
    office: Office[WorkerPlatform], hook: NewWebhook
) -> None:
    job = office.do_all(office.deck_job(deck_of([picture_blob(1, 48)])))
    receiver = Receiver()
    deliver(office.context, hook.id, receiver)
    ((url, body, headers),) = receiver.came
    assert url == "https://example.org/"
    document = json.loads(body)
    assert document["type"] == "job.done"
    assert document["data"] == {
        "job_id": job.id,
        "kind": "deck",
        "deck_id": job.deck_id,
        "state": "done",
        "code": None,
    }
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60
    assert [each.state for each in log(office)] == [DeliveryState.SENT]
    deliver(office.context, hook.id, receiver)
    assert len(receiver.came) == 1


def test_only_what_was_asked_for_is_told_and_to_nobody_else(
    office: Office[WorkerPlatform],
) -> None:
    db = office.context.db
    add_webhook(db, office.tenant_id, "https://a.example/", [WebhookEvent.JOB_CANCELLED])
    add_webhook(db, office.tenant_id, "https://b.example/", [WebhookEvent.JOB_DONE])
    cancel_job(db, office.tenant_id, office.deck_job(deck_of([picture_blob(1, 48)])))
    assert [each.event for each in log(office)] == ["job.cancelled"]


def test_a_failure_is_tried_again_later_with_the_same_id_and_stops_the_run(
    office: Office[WorkerPlatform], hook: NewWebhook
) -> None:
    for _ in range(2):
        send_test(office.context.db, office.tenant_id, hook.id)
    receiver = Receiver("not_taken")
    deliver(office.context, hook.id, receiver)
    assert len(receiver.came) == 1
    deliver(office.context, hook.id, receiver)  # the other one is due, the first is not
    assert len(receiver.came) == 2
    first = receiver.came[0][2]["webhook-id"]
    make_due(office)
    deliver(office.context, hook.id, receiver)
    assert receiver.came[2][2]["webhook-id"] == first
    assert {each.state for each in log(office)} == {DeliveryState.SENT}


def test_pauses_double_and_after_the_last_attempt_it_is_given_up_until_sent_again(
    office: Office[WorkerPlatform], hook: NewWebhook
) -> None:
    db = office.context.db
    delivery_id = send_test(db, office.tenant_id, hook.id)
    pauses_s = []
    for _ in range(MOST_ATTEMPTS):
        make_due(office)
        claim = claim_delivery(db, hook.id, lease_s=60)
        assert claim is not None
        end_delivery(db, claim, status=None, code="no_answer", took_ms=1, jitter=1.0)
        (line,) = log(office)
        pauses_s.append((line.not_before - line.tried_at).total_seconds())
    assert pauses_s[:4] == pytest.approx([30, 60, 120, 240], abs=2)
    assert max(pauses_s) == pytest.approx(6 * 3600, abs=2)
    assert log(office)[0].state is DeliveryState.FAILED
    assert due_webhooks(db) == []
    send_again(db, office.tenant_id, delivery_id)
    deliver(office.context, hook.id, Receiver())
    assert log(office)[0].state is DeliveryState.SENT


def test_who_dies_with_a_delivery_loses_it_to_the_next_and_its_late_end_counts_nothing(
    office: Office[WorkerPlatform], hook: NewWebhook
) -> None:
    db = office.context.db
    send_test(db, office.tenant_id, hook.id)
    dead = claim_delivery(db, hook.id, lease_s=60)
    assert dead is not None
    assert claim_delivery(db, hook.id, lease_s=60) is None
    make_due(office)
    deliver(office.context, hook.id, Receiver("not_taken"))
    end_delivery(db, dead, status=200, code=None, took_ms=1, jitter=1.0)
    assert log(office)[0].state is DeliveryState.WAITING


def test_the_sweep_announces_what_is_due(office: Office[WorkerPlatform], hook: NewWebhook) -> None:
    send_test(office.context.db, office.tenant_id, hook.id)
    before = office.messages(QueueName.MAINTENANCE)
    sweep(office.context)
    assert office.messages(QueueName.MAINTENANCE) == before + 1
