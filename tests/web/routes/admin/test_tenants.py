"""Tenants with keys and limits of their own."""

import re
from collections.abc import Callable

import pytest

from crispdeck.records.people.keys import find_key
from crispdeck.records.roles import Role
from tests.web.conftest import Web, send_deck, send_job
from tests.web.routes.admin.conftest import Desk

Sit = Callable[[Role], Desk]


def test_a_key_is_shown_once_works_and_is_revoked(web: Web, desk: Sit) -> None:
    me = desk(Role.ADMIN)
    page = me.post(f"/tenants/{web.tenant_id}/keys", name="add-in", scope=["decks", "pictures"])
    assert page.status_code == 201
    key = re.search(r"cd_[0-9a-f]{12}_[0-9a-f]{64}", page.text)
    assert key is not None
    caller = find_key(web.engine.db, key[0])
    assert caller is not None
    assert key[0] not in me.get(f"/tenants/{web.tenant_id}").text
    me.post(f"/tenants/{web.tenant_id}/keys/{caller.key_id}/revoke")
    assert find_key(web.engine.db, key[0]) is None


def test_a_tenants_own_limits_hold_and_empty_ones_are_the_settings(web: Web, desk: Sit) -> None:
    me = desk(Role.ADMIN)
    path = f"/tenants/{web.tenant_id}/limits"
    me.post(path, max_open_jobs="1", max_storage_bytes="10", retention_days="0.5")
    limits = web.client.get("/api/v1/limits", headers=web.key).get_json()
    assert (limits["max_open_jobs"], limits["max_storage_bytes"]) == (1, 10 * 2**20)
    assert limits["retention_days"] == 0.5
    deck_id = send_deck(web)
    send_job(web, deck_id)
    refused = web.client.post(f"/api/v1/decks/{deck_id}/jobs", headers=web.key, json={})
    assert refused.get_json()["code"] == "limit_reached"
    me.post(path)
    limits = web.client.get("/api/v1/limits", headers=web.key).get_json()
    assert limits["max_open_jobs"] == web.engine.settings.max_open_jobs


def test_a_tenants_own_rate_holds(web: Web, desk: Sit) -> None:
    desk(Role.ADMIN).post(f"/tenants/{web.tenant_id}/limits", requests_per_minute="2")
    codes = [web.client.get("/api/v1/limits", headers=web.key).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert web.client.get("/api/v1/limits", headers=web.stranger()).status_code == 200


@pytest.mark.parametrize("value", ["many", "-1", "nan", "1e99"])
def test_a_limit_that_makes_no_sense_is_refused_in_words(web: Web, desk: Sit, value: str) -> None:
    page = desk(Role.ADMIN).post(f"/tenants/{web.tenant_id}/limits", max_open_jobs=value)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
