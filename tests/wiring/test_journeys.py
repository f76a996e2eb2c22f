"""A deck's bytes, a picture's bytes, a claim, a click and a command go down the floors."""

from pathlib import Path

import pytest
from sqlalchemy import select

from crispdeck.cli.program import run
from crispdeck.records.tables import Picture
from crispdeck.services.assemble import assemble
from crispdeck.services.prepare import prepare
from tests.web.conftest import Web, deck_blob, send_deck, start_web, web
from tests.wiring.journeys import OUTSIDE, Journey, followed

__all__ = ["start_web", "web"]

HANDED_IN = {
    # A header is read from a stream that was handed in: of a part, opened by the deck.
    ("crispdeck/picture/headers", "crispdeck/deck/opc"),
    # The zip copies entry by entry and asks whoever handed it a new one for the bytes.
    ("crispdeck/deck/zip", "crispdeck/deck/opc"),
    ("crispdeck/deck/zip", "crispdeck/deck"),
    # Markup is walked once; what shall be done with each element was handed in.
    ("crispdeck/deck/opc", "crispdeck/deck"),
    # A swap asks for each result when its turn comes, so that only one is in memory.
    ("crispdeck/deck", "crispdeck/services"),
    # Progress, and the network that a service works with but must not know.
    ("crispdeck/services", "crispdeck/cli"),
    ("crispdeck/services", "worker/cli"),
    ("crispdeck/services", "worker/steps"),
    ("crispdeck/services", "worker/upscaling"),
    # The process that has the network loads it when the first picture needs it.
    ("worker/upscaling", "worker"),
    # Who may come in stands around each route, as a decorator that calls it.
    ("web", "web/routes"),
    # The table of commands loads a command only when it is asked for.
    ("crispdeck/cli", "worker/cli"),
}
"""Calls that lead up because somebody above handed in what shall be called."""


def assert_goes_down(journey: Journey) -> None:
    assert journey.climbs() <= HANDED_IN


def test_a_deck_that_is_handed_in_goes_down_to_its_confined_scan(web: Web) -> None:
    blob = deck_blob()
    with followed() as journey:
        send_deck(web, blob)
    assert_goes_down(journey)
    assert [room for caller, room in journey.arrows if caller == OUTSIDE][-1] == "web/routes"
    # Another process opens it: strangers' files are read where little can be harmed.
    below = ["crispdeck/services", "crispdeck/services/confined", "crispdeck/storage"]
    assert set(below) <= set(journey.rooms)


def test_a_click_and_what_it_starts_go_down_to_the_rows(web: Web) -> None:
    deck_id = send_deck(web)
    with followed() as click:
        answer = web.client.post(f"/api/v1/decks/{deck_id}/jobs", headers=web.key, json={})
    job_id = answer.get_json()["id"]
    with followed() as unpacking:
        prepare(web.worker.platform, job_id)
    web.worker.work_off()
    with followed() as result:
        assert web.client.get(f"/api/v1/decks/{deck_id}/enhanced", headers=web.key).data
    for journey in (click, unpacking, result):
        assert_goes_down(journey)
        assert "crispdeck/records/tables" in journey.rooms


@pytest.mark.long
def test_a_claim_and_a_picture_go_down_to_the_network(web: Web) -> None:
    context_of = pytest.importorskip("worker.context").Context
    upscale = pytest.importorskip("worker.steps.upscale").upscale
    deck_id = send_deck(web)
    answer = web.client.post(f"/api/v1/decks/{deck_id}/jobs", headers=web.key, json={})
    job_id = answer.get_json()["id"]
    context = context_of(web.engine.settings)
    prepare(context, job_id)
    with context.db.reading() as session:
        pictures = list(session.scalars(select(Picture.id)))
    with followed() as journey:
        upscale(context, pictures[0])
    assert_goes_down(journey)
    assert {"crispdeck/records/work", "worker/networks", "worker/faithful"} <= set(journey.rooms)
    for picture in pictures[1:]:
        upscale(context, picture)
    with followed() as assembling:
        assemble(context, job_id)
    assert_goes_down(assembling)
    context.close()


@pytest.mark.long
def test_a_command_goes_down_by_the_same_services(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("CRISPDECK_DATA_DIR", str(tmp_path / "data"))
    deck = tmp_path / "talk.pptx"
    deck.write_bytes(deck_blob())
    with followed() as journey:
        run(["enhance", str(deck)])
    assert_goes_down(journey)
    below = ["crispdeck/services", "crispdeck/deck/zip", "crispdeck/picture", "worker/upscaling"]
    assert set(below) <= set(journey.rooms)
