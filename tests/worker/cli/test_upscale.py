"""`crispdeck upscale` enlarges files of every kind under their own names."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crispdeck.picture.inspect import inspect
from tests.crispdeck.picture.provenance.made_pictures import drawing
from worker.lab.lineage.rows import ROWS
from worker.lab.lineage.store import keep
from worker.upscaling.conditioning import Source
from worker.upscaling.upscaler import Upscaled, Upscaler

Cli = Callable[..., Any]


@pytest.fixture
def pictures(tmp_path: Path, low_png: bytes, low_jpeg: bytes, low_gif: bytes) -> Path:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "logo.png").write_bytes(low_png)
    (folder / "photo.JPG").write_bytes(low_jpeg)
    (folder / "deep" / "old.gif").write_bytes(low_gif)
    Image.new("RGB", (20, 20), "red").save(folder / "deep" / "scan.tiff")
    return folder


@pytest.mark.parametrize("scale", [2, 4])
def test_every_kind_is_enlarged_under_its_name(
    cli: Cli, pictures: Path, tmp_path: Path, scale: int
) -> None:
    out = tmp_path / "out"
    ran = cli("upscale", pictures, "--scale", scale, "-o", out)
    assert ran.code == 0, ran.err
    made = {str(path.relative_to(out)): path for path in out.rglob("*") if path.is_file()}
    assert set(made) == {"logo.png", "photo.JPG", "deep/old.png", "deep/scan.png"}
    for name, path in made.items():
        info = inspect(path.read_bytes())
        assert info.format == ("jpeg" if name == "photo.JPG" else "png")
        assert info.width_px == (20 if "scan" in name else 48) * scale


def test_nothing_is_overwritten_unasked(cli: Cli, pictures: Path) -> None:
    ran = cli("upscale", pictures / "logo.png", "-o", pictures)
    assert ran.code == 1
    assert "[output_exists]" in ran.err
    assert inspect((pictures / "logo.png").read_bytes()).width_px == 48
    assert cli("upscale", pictures / "logo.png", "-o", pictures, "--overwrite").code == 0
    assert inspect((pictures / "logo.png").read_bytes()).width_px == 96


def test_a_bad_picture_is_told_and_the_others_are_made(
    cli: Cli, pictures: Path, tmp_path: Path
) -> None:
    (pictures / "broken.png").write_text("no picture")
    ran = cli("upscale", pictures, "-o", tmp_path / "out")
    assert ran.code == 1
    assert "broken.png: " in ran.err
    assert "[picture_unreadable]" in ran.err
    assert len(list((tmp_path / "out").rglob("*.*"))) == 4


def test_a_picture_over_the_limit_is_refused_before_it_is_read(
    cli: Cli, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISPDECK_MAX_PICTURE_BYTES", "10")
    ran = cli("upscale", pictures / "logo.png", "-o", tmp_path / "out")
    assert ran.code == 1
    assert "[picture_too_large]" in ran.err


def test_two_pictures_of_one_name_keep_their_old_suffixes(
    cli: Cli, pictures: Path, tmp_path: Path, low_gif: bytes, low_jpeg: bytes
) -> None:
    (pictures / "logo.gif").write_bytes(low_gif)
    (pictures / "saved.jfif").write_bytes(low_jpeg)
    ran = cli("upscale", pictures, "-o", tmp_path / "out")
    assert ran.code == 0, ran.err
    made = {path.name for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert made == {"logo.png", "logo.gif.png", "photo.JPG", "saved.jfif"}


def test_files_that_would_become_one_are_named(cli: Cli, pictures: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "logo.png").write_bytes((pictures / "logo.png").read_bytes())
    ran = cli("upscale", pictures / "logo.png", other / "logo.png", "-o", tmp_path / "out")
    assert ran.code == 2
    assert ran.err.count("logo.png") >= 2


def test_notes_stay_unless_they_are_stripped(cli: Cli, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[315], exif[274] = "A. Person", 6
    photo = tmp_path / "photo.jpg"
    Image.effect_noise((40, 30), 30).save(photo, exif=exif)
    for out, options, kept in (("all", (), True), ("bare", ("--strip",), False)):
        ran = cli("upscale", photo, "-o", tmp_path / out, *options)
        assert ran.code == 0, ran.err
        with Image.open(tmp_path / out / "photo.jpg") as made:
            found = made.getexif()
        assert (found.get(315) == "A. Person") == kept
        assert found[274] == 6


def test_an_empty_folder_is_nothing_to_do(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert cli("upscale", tmp_path / "empty", "-o", tmp_path / "out").code == 3


def test_crispness_is_an_option_and_a_setting(
    cli: Cli, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soft, crisp, as_set = (tmp_path / name for name in ("soft", "crisp", "set"))
    picture = pictures / "logo.png"
    drawing(80, 60).save(picture)  # flat, with smooth edges: what crispness is for
    assert cli("upscale", picture, "-o", soft, "--crispness", 0).code == 0
    assert cli("upscale", picture, "-o", crisp, "--crispness", 1).code == 0
    monkeypatch.setenv("CRISPDECK_CRISPNESS", "1")
    assert cli("upscale", picture, "-o", as_set).code == 0
    made = [(folder / "logo.png").read_bytes() for folder in (soft, crisp, as_set)]
    assert made[0] != made[1]
    assert made[1] == made[2]


@pytest.mark.parametrize("crispness", ["-0.1", "1.1", "crisp"])
def test_a_crispness_that_is_none_is_wrong_usage(
    cli: Cli, pictures: Path, tmp_path: Path, crispness: str
) -> None:
    assert cli("upscale", pictures, "-o", tmp_path / "out", "--crispness", crispness).code == 2


@pytest.fixture
def trained_espcn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A row of the lineage with weights, in the folder of what this machine trains."""
    monkeypatch.setenv("LINEAGE_DATA", str(tmp_path / "lineage"))
    weights = ROWS["espcn"].build().state_dict()
    return keep("espcn", weights, minutes=1, steps=1)


@pytest.mark.usefixtures("trained_espcn")
@pytest.mark.parametrize("network", ["plain-s", "espcn"])
def test_a_network_can_be_chosen_by_its_name(
    cli: Cli, pictures: Path, tmp_path: Path, network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[str] = []
    upscale = Upscaler.upscale

    def watched(self: Upscaler, sources: Sequence[Source], scale: float) -> list[Upscaled]:
        made = upscale(self, sources, scale)
        used.extend(one.chosen for one in made)
        return made

    monkeypatch.setattr(Upscaler, "upscale", watched)
    ran = cli("upscale", pictures / "photo.JPG", "--network", network, "-o", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert used
    assert all(label.startswith(f"{network}-x") for label in used)


def test_an_unknown_network_is_an_error_that_names_those_there_are(
    cli: Cli, pictures: Path, tmp_path: Path
) -> None:
    ran = cli("upscale", pictures, "--network", "nobody", "-o", tmp_path / "out")
    assert ran.code == 1
    assert "plain-m, plain-s" in ran.err
    assert "srcnn" in ran.err


def test_a_network_without_weights_says_how_to_train_it(
    cli: Cli, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINEAGE_DATA", str(tmp_path / "lineage"))
    ran = cli("upscale", pictures, "--network", "edsr", "-o", tmp_path / "out")
    assert ran.code == 1
    assert "crispdeck train --network edsr" in ran.err


def test_without_the_laboratory_only_our_own_networks_are_known(
    cli: Cli, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.cli.network.is_installed", lambda _: False)
    monkeypatch.setattr("worker.networks.registry._by_name_only", {})
    ran = cli("upscale", pictures, "--network", "srcnn", "-o", tmp_path / "out")
    assert ran.code == 1
    assert "there are plain-m, plain-s." in ran.err
