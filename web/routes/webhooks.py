"""/webhooks: other programs that are told what has ended."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.records.people.keys import Scope
from crispdeck.records.people.webhooks import (
    add_webhook,
    delete_webhook,
    list_deliveries,
    list_webhooks,
    send_test,
)
from crispdeck.records.work.deliveries import webhook_wakeup
from crispdeck.services.outbound import check_url, networks_of
from web import answers
from web.auth import caller, needs, note
from web.engine import engine
from web.schemas.jobs import V1
from web.schemas.webhooks import (
    DeliveryList,
    DeliveryOut,
    NewWebhookOut,
    TestSent,
    WebhookList,
    WebhookOut,
    WebhookPath,
    WebhookRequest,
)

webhooks = APIBlueprint(
    "webhooks",
    __name__,
    url_prefix=V1,
    abp_tags=[Tag(name="webhooks", description="Programs that are told what has ended")],
)


@webhooks.get("/webhooks", responses={200: WebhookList})
@needs(Scope.ADMIN)
def all_webhooks() -> Response:
    """List the webhooks of the tenant, without their secrets."""
    found = list_webhooks(engine().db, caller().tenant_id)
    return answers.answer(WebhookList(items=[WebhookOut.of(each) for each in found]))


@webhooks.post("/webhooks", responses={201: NewWebhookOut})
@needs(Scope.ADMIN)
def create_webhook(body: WebhookRequest) -> Response:
    """Add a webhook; the secret by which it knows us is in this answer and in no other."""
    here = engine()
    check_url(body.url, networks_of(here.settings.webhook_networks))
    made = add_webhook(here.db, caller().tenant_id, body.url, body.events)
    note("webhook.add", made.id, url=body.url)
    return answers.answer(NewWebhookOut.of(made), 201)


@webhooks.delete("/webhooks/<id:webhook_id>", responses={204: None})
@needs(Scope.ADMIN)
def remove_webhook(path: WebhookPath) -> Response:
    """Delete a webhook and its log; what waits for it is not sent any more."""
    delete_webhook(engine().db, caller().tenant_id, path.webhook_id)
    note("webhook.delete", path.webhook_id)
    return Response(status=204)


@webhooks.post("/webhooks/<id:webhook_id>/test", responses={202: TestSent})
@needs(Scope.ADMIN)
def try_webhook(path: WebhookPath) -> Response:
    """Send the event `test`; the deliveries show how it ended."""
    delivery_id = send_test(engine().db, caller().tenant_id, path.webhook_id)
    engine().announce([webhook_wakeup(path.webhook_id)])
    note("webhook.test", path.webhook_id)
    return answers.answer(TestSent(delivery_id=delivery_id), 202)


@webhooks.get("/webhooks/<id:webhook_id>/deliveries", responses={200: DeliveryList})
@needs(Scope.ADMIN)
def webhook_deliveries(path: WebhookPath) -> Response:
    """List the latest fifty things that it was or will be told."""
    found = list_deliveries(engine().db, caller().tenant_id, path.webhook_id)
    return answers.answer(DeliveryList(items=[DeliveryOut.of(each) for each in found]))
