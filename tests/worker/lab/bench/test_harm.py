"""What comes out worse than by interpolation is counted picture by picture."""

from worker.lab.bench.harm import harm, markdown
from worker.lab.bench.measuring import Measured


def measured(name: str, method: str, psnr_db: float, group: str = "stars") -> Measured:
    return Measured("guard", group, name, "clean", 2, method, "ours", {"psnr_db": psnr_db})


FOUND = [
    measured("a", "bicubic", 30.0),
    measured("a", "Crispdeck", 31.0),
    measured("b", "bicubic", 40.0),
    measured("b", "Crispdeck", 39.0),
    measured("c", "bicubic", 40.0, "skin"),
    measured("c", "Crispdeck", 39.95, "skin"),
]


def test_a_mean_does_not_hide_the_picture_that_is_worse() -> None:
    stars, skin, everything = harm(FOUND)
    assert (stars.group, stars.pictures, stars.worse, stars.mean_db) == ("stars", 2, 1, 0.0)
    assert (stars.worst_db, stars.worst_name) == (-1.0, "b ×2 clean")
    assert (skin.group, skin.worse) == ("skin", 0)
    assert (everything.group, everything.pictures, everything.worse) == ("all", 3, 1)


def test_other_sets_are_not_counted() -> None:
    others = [Measured("Set5", "Set5", "a", "clean", 2, "x", "peer", {"psnr_db": 1.0})]
    assert harm(others) == []
    assert markdown([]) == ""


def test_the_table_says_mean_worst_and_count() -> None:
    assert "| stars | 2 | +0.00 / -1.00 / 1 |" in markdown(harm(FOUND))
