"""The page that stands for PowerPoint must not fail where PowerPoint would not."""

import pytest

from tests.e2e.addin.decks import talk
from tests.e2e.addin.powerpoint import PowerPoint

pytestmark = pytest.mark.browser


def test_a_slide_may_go_while_it_is_drawn(powerpoint: PowerPoint) -> None:
    powerpoint.open(talk())
    powerpoint.page.evaluate(
        """async () => {
            const drawn = powerpoint.draw();
            powerpoint.app.do({ kind: "delete-slide", slide: 0 });
            await drawn;
        }"""
    )
