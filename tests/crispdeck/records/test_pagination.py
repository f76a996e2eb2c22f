"""Pages over many rows stay stable while new rows arrive."""

from crispdeck.records.shelf.batches import create_batch, list_batches
from tests.crispdeck.records.world import World


def batches(world: World, count: int) -> list[str]:
    return [create_batch(world.db, world.tenant_id, {}, retention_days=1).id for _ in range(count)]


def test_pages_show_every_row_once_newest_first(world: World) -> None:
    made = batches(world, 5)
    seen: list[str] = []
    after = None
    while True:
        page = list_batches(world.db, world.tenant_id, after=after, limit=2)
        seen += [one.id for one in page.items]
        after = page.next_after
        if after is None:
            break
    assert seen == made[::-1]


def test_rows_that_come_meanwhile_move_no_page(world: World) -> None:
    made = batches(world, 4)
    first = list_batches(world.db, world.tenant_id, limit=2)
    batches(world, 3)
    second = list_batches(world.db, world.tenant_id, after=first.next_after, limit=2)
    assert [one.id for one in (*first.items, *second.items)] == made[::-1]
    assert second.next_after is None


def test_a_page_that_is_just_full_is_the_last(world: World) -> None:
    batches(world, 2)
    assert list_batches(world.db, world.tenant_id, limit=2).next_after is None
