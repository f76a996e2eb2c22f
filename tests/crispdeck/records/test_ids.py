"""Ids sort by the time they were made."""

from crispdeck.records.ids import new_id


def test_ids_sort_by_the_order_they_were_made_in() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert {len(item) for item in ids} == {32}
