"""What belongs together is held back together, whatever comes before or after."""

from pathlib import Path

from worker.lab.training.families import HELD_BACK_PHOTOS, Families, family_of, is_held_back


def test_about_one_in_thirty_two_is_held_back_and_always_the_same() -> None:
    names = [f"photo-{number}.jpg" for number in range(3200)]
    held = [name for name in names if is_held_back(name)]
    assert 60 < len(held) < 140
    assert held == [name for name in names if is_held_back(name)]
    assert all(map(is_held_back, HELD_BACK_PHOTOS))


def test_icons_of_one_hand_are_one_family() -> None:
    assert family_of("s", "icons/cc-0/Ada/fly.svg") == family_of("s", "icons/cc-0/Ada/bee.svg")
    assert family_of("s", "icons/cc-0/Ada/fly.svg") != family_of("s", "icons/cc-0/Bob/fly.svg")
    assert family_of("s", "logos/github-octocat.svg") == family_of("s", "logos/github.svg")
    assert family_of("s", "logos/github.svg") != family_of("t", "logos/github.svg")


def test_a_source_that_only_measures_is_held_back_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (tmp_path / "CREDITS.tsv").write_text(
        "file\tsource\tpath in source\n"
        "photos/a.jpg\tnextcloud/example-files\tPhotos/a.jpg\n"
        "photos/b.jpg\tsomebody/else\tPhotos/b.jpg\n"
    )
    families = Families(folder)
    assert families.held_back("a.jpg")
    assert not families.held_back("b.jpg")
    assert not Families(tmp_path / "far" / "away").held_back("a.jpg"), (
        "without a table nobody knows"
    )
