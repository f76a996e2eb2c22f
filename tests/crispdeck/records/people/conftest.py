"""An operator to log in as."""

import pytest

from crispdeck.records.people.operators import create_operator
from crispdeck.records.roles import Role
from tests.crispdeck.records.world import World

PASSWORD = "correct horse battery"


@pytest.fixture
def anna(world: World) -> str:
    """An administrator with a known password; the id."""
    return create_operator(world.db, "anna", Role.ADMIN, password=PASSWORD).id
