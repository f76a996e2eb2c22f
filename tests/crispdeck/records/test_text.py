"""Text from outside becomes one line."""

from crispdeck.records.shelf.decks import (
    create_deck,
    get_deck,
)
from tests.crispdeck.records.world import World


def test_a_hostile_file_name_becomes_a_line_of_text(world: World) -> None:
    record = create_deck(
        world.db,
        world.tenant_id,
        name="a\x00b\nc\udcff" + "x" * 400 + ".pptx",
        size_bytes=1,
        sha256="0" * 64,
        object_key="k",
        scan_json={},
        retention_days=1,
    )
    assert record.name.startswith("a b c?xxx")
    assert len(record.name) == 300
    assert get_deck(world.db, world.tenant_id, record.id).name == record.name
