"""Limits of one tenant alone."""

import pytest

from crispdeck.records.people.tenant_limits import OwnAllowances, set_allowances
from tests.crispdeck.records.world import World


@pytest.mark.parametrize("weight", [0.0, -1.0, 1001.0])
def test_a_weight_that_makes_no_sense_is_refused(world: World, weight: float) -> None:
    from crispdeck.errors import InvalidRequestError

    with pytest.raises(InvalidRequestError):
        set_allowances(world.db, world.tenant_id, OwnAllowances(weight=weight))
