"""A tenant's webhooks: added, tried, deleted, and the log of what they were told."""

from flask import Response, make_response, render_template, request

from crispdeck.errors import InvalidRequestError, LimitReachedError, NotFoundError
from crispdeck.records.people.tenants import tenant_names
from crispdeck.records.people.webhooks import (
    WebhookEvent,
    add_webhook,
    delete_webhook,
    list_deliveries,
    list_webhooks,
    send_again,
    send_test,
)
from crispdeck.records.roles import Role
from crispdeck.records.work.deliveries import MOST_ATTEMPTS, webhook_wakeup
from crispdeck.services.outbound import check_url, networks_of
from crispdeck.words.webhooks import delivery_words
from web.admin_sessions import note
from web.auth import needs_role
from web.bodies import takes
from web.engine import engine
from web.routes.admin.site import FORM, admin, field, go_to


@admin.get("/tenants/<id:tenant_id>/webhooks")
@needs_role(Role.VIEWER)
def webhook_page(tenant_id: str) -> str:
    """Show a tenant's webhooks and their log."""
    return _page(tenant_id)


def _page(tenant_id: str, *, secret: str = "", error: str = "") -> str:
    db = engine().db
    name = tenant_names(db).get(tenant_id)
    if name is None:
        raise NotFoundError(f"There is no tenant {tenant_id}.")
    hooks = list_webhooks(db, tenant_id)
    return render_template(
        "admin/webhooks.html",
        tenant_id=tenant_id,
        name=name,
        hooks=hooks,
        urls={hook.id: hook.url for hook in hooks},
        deliveries=list_deliveries(db, tenant_id),
        most_attempts=MOST_ATTEMPTS,
        words_for=delivery_words,
        events=[event.value for event in WebhookEvent],
        ticked=request.form.getlist("event") or [WebhookEvent.JOB_DONE, WebhookEvent.JOB_FAILED],
        url=field("url", longest=2000) if error else "",
        secret=secret,
        error=error,
        did=request.args.get("did", ""),
    )


@admin.post("/tenants/<id:tenant_id>/webhooks")
@needs_role(Role.ADMIN)
@takes(FORM)
def new_webhook(tenant_id: str) -> Response:
    """Add a webhook; its secret is shown in this answer and never again."""
    here, url = engine(), field("url", longest=2000)
    events = [
        WebhookEvent(each) for each in request.form.getlist("event") if each in set(WebhookEvent)
    ]
    if not events:
        return _refused(tenant_id, "Tick at least one thing that it is told.")
    try:
        check_url(url, networks_of(here.settings.webhook_networks))
        made = add_webhook(here.db, tenant_id, url, events)
    except (InvalidRequestError, LimitReachedError) as error:
        return _refused(tenant_id, error.message)
    note("webhook.add", made.id, tenant_id=tenant_id, url=url)
    return make_response(_page(tenant_id, secret=made.secret), 201)


def _refused(tenant_id: str, error: str) -> Response:
    return make_response(_page(tenant_id, error=error), 422)


@admin.post("/tenants/<id:tenant_id>/webhooks/<id:webhook_id>/delete")
@needs_role(Role.ADMIN)
@takes(FORM)
def remove_webhook(tenant_id: str, webhook_id: str) -> Response:
    """Delete a webhook and its log."""
    delete_webhook(engine().db, tenant_id, webhook_id)
    note("webhook.delete", webhook_id, tenant_id=tenant_id)
    return go_to("admin.webhook_page", tenant_id=tenant_id, did="deleted")


@admin.post("/tenants/<id:tenant_id>/webhooks/<id:webhook_id>/test")
@needs_role(Role.OPERATOR)
@takes(FORM)
def try_webhook(tenant_id: str, webhook_id: str) -> Response:
    """Send a test."""
    send_test(engine().db, tenant_id, webhook_id)
    engine().announce([webhook_wakeup(webhook_id)])
    note("webhook.test", webhook_id, tenant_id=tenant_id)
    return go_to("admin.webhook_page", tenant_id=tenant_id, did="test")


@admin.post("/tenants/<id:tenant_id>/deliveries/<id:delivery_id>/again")
@needs_role(Role.OPERATOR)
@takes(FORM)
def send_delivery_again(tenant_id: str, delivery_id: str) -> Response:
    """Send what was given up, or sent, once more."""
    webhook_id = send_again(engine().db, tenant_id, delivery_id)
    engine().announce([webhook_wakeup(webhook_id)])
    note("webhook.send_again", delivery_id, tenant_id=tenant_id)
    return go_to("admin.webhook_page", tenant_id=tenant_id, did="again")
