"""The training pictures: decoded once, held back by name and family, made part by part."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from crispdeck.errors import BadInputError
from worker.lab.training import make_corpus as building
from worker.lab.training.corpus import Corpus, PartWriter
from worker.lab.training.families import Families, family_of, is_held_back
from worker.lab.training.make_corpus import build_corpus

HELD_BACK = next(f"{n}.png" for n in range(1000) if is_held_back(f"{n}.png"))
PHOTOS = ["a.png", "b.png", "c.png", HELD_BACK]

pytest.importorskip("resvg_py", reason="needs the extra `train` to render drawings")

DISC = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="5" cy="5" r="3"/></svg>'
)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    photos, graphics = tmp_path / "photos", tmp_path / "graphics"
    photos.mkdir()
    graphics.mkdir()
    noise = np.random.default_rng(1).integers(0, 256, (280, 300, 3), dtype=np.uint8)
    for name in PHOTOS:
        Image.fromarray(noise).save(photos / name)
    Image.fromarray(noise[:50]).save(photos / "too-small.png")
    Image.fromarray(noise).save(graphics / "noise.png")
    Image.new("RGBA", (200, 130), (255, 0, 0, 0)).save(graphics / "clear.webp", lossless=True)
    (graphics / "disc.svg").write_text(DISC)
    (graphics / "broken.svg").write_text("<svg")
    (graphics / "notes.txt").write_text("no picture")
    return photos, graphics


def build(tmp_path: Path, folders: tuple[Path, Path], seed: int = 5, jobs: int = 1) -> Corpus:
    return build_corpus(tmp_path / "corpus", *folders, pages=0, seed=seed, jobs=jobs)


def test_photographs_come_at_several_sizes_and_drawings_on_two_grounds(
    tmp_path: Path, folders: tuple[Path, Path]
) -> None:
    entries = build(tmp_path, folders).entries
    sizes = sorted(entry.height_px for entry in entries if entry.name == "a.png")
    assert sizes == [140, 208, 210, 280]
    assert sum(entry.name == "disc.svg" for entry in entries) == 2
    names = {entry.name for entry in entries}
    assert names == {*PHOTOS, "clear.webp", "noise.png", "disc.svg"}


def test_pixels_are_the_pictures_own(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    corpus = build(tmp_path, folders)
    (entry,) = (entry for entry in corpus.entries if entry.name == "noise.png")
    with Image.open(folders[1] / "noise.png") as file:
        assert np.array_equal(corpus.pixels(entry), np.asarray(file))


def test_what_is_clear_becomes_white(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    corpus = build(tmp_path, folders)
    (clear,) = (entry for entry in corpus.entries if entry.name == "clear.webp")
    assert (corpus.pixels(clear) == 255).all()


def test_pairs_come_back_at_each_scale(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    made = [
        tuple(rng.integers(0, 256, (5 * s, 7 * s, 3), dtype=np.uint8) for s in (1, 2, 4))
        for _ in range(2)
    ]
    with PartWriter(tmp_path, "pages") as writer:
        for levels in made:
            writer.add_pair("page", levels, held_back=False)  # type: ignore[arg-type]
    corpus = Corpus(tmp_path)
    for pair, levels in zip(corpus.pairs, made, strict=True):
        for scale, pixels in zip((1, 2, 4), levels, strict=True):
            assert np.array_equal(corpus.drawn(pair, scale), pixels)


def test_a_pair_of_other_sizes_is_refused(tmp_path: Path) -> None:
    blank = np.zeros((4, 4, 3), np.uint8)
    with (
        pytest.raises(ValueError, match="not the same window"),
        PartWriter(tmp_path, "pages") as writer,
    ):
        writer.add_pair("page", (blank, blank, blank), held_back=False)
    assert not list(tmp_path.iterdir())


def test_held_back_pictures_are_not_trained_on(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    corpus = build(tmp_path, folders)
    held_back = {entry.name for entry in corpus.select("photo", held_back=True)}
    trained_on = {entry.name for entry in corpus.select("photo", held_back=False)}
    assert held_back == {HELD_BACK}
    assert trained_on == set(PHOTOS) - {HELD_BACK}


def test_about_one_in_32_is_held_back() -> None:
    assert 0.02 < sum(is_held_back(f"{n}.jpg") for n in range(4000)) / 4000 < 0.045


class TestFamilies:
    def test_a_folder_of_icons_and_a_brands_logos_are_families(self) -> None:
        assert family_of("o/i", "icons/cc-0/Animals/Ada/fly.svg") == family_of(
            "o/i", "icons/cc-0/Animals/Ada/bee.svg"
        )
        assert family_of("o/l", "logos/cat-octo.svg") == family_of("o/l", "logos/cat.svg")
        assert family_of("o/l", "logos/dog.svg") != family_of("o/l", "logos/cat.svg")

    def test_families_and_some_sources_are_held_back_whole(self, shared_data: Path) -> None:
        graphics = shared_data / "train" / "graphics"
        families = Families(graphics)
        by_family: dict[str, set[bool]] = {}
        for name, (source, path) in families._rows.items():
            # What is held back by its own name alone says nothing of its family.
            if path.endswith(".svg") and not is_held_back(name):
                by_family.setdefault(family_of(source, path), set()).add(families.held_back(name))
        assert all(len(answers) == 1 for answers in by_family.values())
        names = [path.name for path in graphics.glob("*.svg")]
        assert 0.05 < sum(families.held_back(name) for name in names) / len(names) < 0.2
        assert all(families.held_back(path.name) for path in graphics.glob("stats-*"))


class TestResuming:
    def test_the_second_run_decodes_nothing(
        self, tmp_path: Path, folders: tuple[Path, Path]
    ) -> None:
        build(tmp_path, folders)
        times = {p: p.stat().st_mtime_ns for p in (tmp_path / "corpus").glob("*.bin")}
        assert times
        build(tmp_path, folders)
        assert {p: p.stat().st_mtime_ns for p in times} == times

    def test_what_a_kill_left_half_written_is_made_again(
        self, tmp_path: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = {entry.name for entry in build(tmp_path / "whole", folders).entries}

        def killed(writer: PartWriter, **_: object) -> None:
            writer.add("half", "graphic", np.zeros((200, 200, 3), np.uint8), held_back=False)
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(building, "write_graphics", killed)
            with pytest.raises(KeyboardInterrupt):
                build(tmp_path, folders)
        # The photographs are there, and can be trained on, already.
        assert {e.kind for e in Corpus(tmp_path / "corpus").entries} == {"photo"}
        assert {entry.name for entry in build(tmp_path, folders).entries} == whole

    def test_fewer_pages_leave_what_is_there_and_do_not_see_it(
        self, tmp_path: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def page(writer: PartWriter, numbers: range, **_: object) -> None:
            blank = np.zeros((200, 200, 3), np.uint8)
            writer.add(f"page-{numbers.start}", "screen", blank, held_back=False)

        monkeypatch.setattr(building, "write_pages", page)

        def pages(count: int) -> int:
            corpus = build_corpus(tmp_path / "corpus", *folders, pages=count, seed=5)
            return len(corpus.select("screen", held_back=False))

        assert [pages(count) for count in (72, 24, 48, 72)] == [3, 1, 2, 3]

    @pytest.mark.parametrize("differs", ["seed", "photos", "index lost"])
    def test_another_recipe_deletes_nothing(
        self, tmp_path: Path, folders: tuple[Path, Path], differs: str
    ) -> None:
        build(tmp_path, folders)
        before = {path.name for path in (tmp_path / "corpus").glob("*-*")}
        if differs == "index lost":
            (tmp_path / "corpus" / "index.json").unlink()
        others = (folders[1], folders[1]) if differs == "photos" else folders
        with pytest.raises(BadInputError, match=r"parts of another corpus .*another folder"):
            build(tmp_path, others, seed=6 if differs == "seed" else 5)
        assert {path.name for path in (tmp_path / "corpus").glob("*-*")} == before

    def test_a_folder_named_another_way_is_the_same(
        self, tmp_path: Path, folders: tuple[Path, Path]
    ) -> None:
        entries = build(tmp_path, folders).entries
        photos, graphics = (path.parent / "photos" / ".." / path.name for path in folders)
        assert build(tmp_path, (photos, graphics)).entries == entries

    def test_several_processes_make_the_same(
        self, tmp_path: Path, folders: tuple[Path, Path]
    ) -> None:
        one, two = build(tmp_path / "1", folders), build(tmp_path / "2", folders, jobs=2)
        assert one.entries == two.entries
        assert all(
            np.array_equal(one.pixels(a), two.pixels(b))
            for a, b in zip(one.entries, two.entries, strict=True)
        )


class TestRefusing:
    def test_a_folder_that_is_not_there(self, tmp_path: Path, folders: tuple[Path, Path]) -> None:
        with pytest.raises(BadInputError, match="no folder"):
            build(tmp_path, (tmp_path / "nowhere", folders[1]))

    @pytest.mark.parametrize(
        ("asked", "says"), [({"pages": 1}, "chromium"), ({"slides": 1}, "libreoffice")]
    )
    def test_missing_programs_are_named_before_the_work_starts(
        self,
        tmp_path: Path,
        folders: tuple[Path, Path],
        monkeypatch: pytest.MonkeyPatch,
        asked: dict[str, int],
        says: str,
    ) -> None:
        monkeypatch.setattr("worker.lab.training.renders.tools.CHROMIUMS", ())
        monkeypatch.setattr("shutil.which", lambda _: None)
        with pytest.raises(BadInputError, match=f"apt-get install {says}"):
            build_corpus(
                tmp_path / "corpus",
                *folders,
                pages=asked.get("pages", 0),
                slides=asked.get("slides", 0),
                seed=1,
            )
        assert not list((tmp_path / "corpus").glob("*.bin"))


def test_empty_folders_are_refused(tmp_path: Path) -> None:
    for name in ("photos", "graphics"):
        (tmp_path / name).mkdir()
    with pytest.raises(BadInputError, match="no pictures"):
        build_corpus(
            tmp_path / "corpus", tmp_path / "photos", tmp_path / "graphics", pages=0, seed=1
        )
