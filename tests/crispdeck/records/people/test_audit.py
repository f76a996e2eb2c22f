"""Who did what as an administrator."""

from crispdeck.records.people.audit import list_audit, record
from tests.crispdeck.records.world import World


def test_actions_are_listed_newest_first_in_pages(world: World) -> None:
    for number in range(3):
        record(world.db, actor="key", action="deck.delete", target=str(number), data={"n": number})
    first = list_audit(world.db, limit=2)
    rest = list_audit(world.db, limit=2, after=first.next_after)
    assert [item.target for item in (*first.items, *rest.items)] == ["2", "1", "0"]
    assert first.items[0].data == {"n": 2}
    assert first.items[0].at == world.clock.now


def test_actions_can_be_listed_by_tenant(world: World) -> None:
    record(world.db, actor="a", action="x", target="1", tenant_id=world.tenant_id)
    record(world.db, actor="a", action="x", target="2", tenant_id="other")
    found = list_audit(world.db, tenant_id=world.tenant_id).items
    assert [item.target for item in found] == ["1"]
