"""Keys of objects: those that we make are taken, those that could leave their place are not."""

import pytest

from crispdeck.errors import ObjectMissingError, StorageError
from crispdeck.storage import (
    ObjectStore,
    deck_key,
    enhanced_key,
    picture_key,
    upscale_key,
)
from tests.crispdeck.storage.shorthand import keys, put


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.hidden", "a b", "a\\b", "a\x00", "ä", "a" * 600],
)
def test_a_key_that_could_leave_its_place_is_refused(store: ObjectStore, key: str) -> None:
    for act in (store.read, store.size, store.open, lambda k: put(store, k, b"x")):
        with pytest.raises(StorageError) as caught:
            act(key)
        assert not isinstance(caught.value, ObjectMissingError)
    with pytest.raises(StorageError):
        store.delete([key])
    assert keys(store) == []


def test_the_keys_we_make_are_keys(store: ObjectStore) -> None:
    made = [
        deck_key("t", "d"),
        enhanced_key("t", "d", "j"),
        picture_key("t", "j", "0" * 64),
        upscale_key("t", "0" * 64, "crisp-m.v1", 4, "bf16_a", "u"),
    ]
    for key in made:
        put(store, key, key.encode())
    assert [store.read(key).decode() for key in made] == made
