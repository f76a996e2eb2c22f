"""How long tests look for trouble: a moment in every run, as long as you like with $FUZZ."""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ", "1"))


def searching(examples: int, *, steady: bool = False) -> settings:
    """Decorate a hypothesis test: $FUZZ times as many examples, new ones in every run.

    Args:
        examples: in an ordinary run.
        steady: the same ones in every ordinary run.
    """
    return settings(
        max_examples=examples * TIMES,
        derandomize=steady and TIMES == 1,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
