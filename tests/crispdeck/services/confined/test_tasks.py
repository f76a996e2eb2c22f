"""What confined processes find comes through JSON as it was."""

import json

import pytest

from crispdeck.picture.inspect import inspect
from crispdeck.services.confined.tasks import info_from_json, measure
from tests.decks import drawings, pictures


@pytest.mark.parametrize(
    "blob",
    [pictures.saved(pictures.drawing(), "png", dpi=(96, 120)), drawings.one_bitmap("emf+")],
    ids=["png", "emf+"],
)
def test_a_picture_is_measured_as_anywhere(blob: bytes) -> None:
    found, _ = measure({}, blob, [])
    assert info_from_json(json.loads(json.dumps(found))) == inspect(blob)
