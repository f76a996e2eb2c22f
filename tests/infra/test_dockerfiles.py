"""The images: sound, small, without root; the web's without torch and with the task pane."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from crispdeck.settings import ENV_PREFIX, describe
from tests.infra.manifests import (
    DEPLOYMENT_FILES,
    DOCKERFILES,
    REPOSITORY,
    complaints,
    instructions,
)

WEB = next(path for path in DOCKERFILES if path.name == "web.Dockerfile")
by_name = pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)


@by_name
def test_hadolint_finds_nothing(dockerfile: Path) -> None:
    assert complaints("hadolint", dockerfile) == ""


@by_name
def test_it_does_not_run_as_root(dockerfile: Path) -> None:
    users = [rest for word, rest in instructions(dockerfile) if word == "USER"]
    assert users == ["10001:10001"]


@by_name
def test_what_it_copies_exists_and_is_let_in(dockerfile: Path) -> None:
    let_in = {
        line[1:]
        for line in (REPOSITORY / ".dockerignore").read_text().splitlines()
        if line[0] == "!"
    }
    copies = [rest.split() for word, rest in instructions(dockerfile) if word == "COPY"]
    sources = {name for words in copies if words[0][:2] != "--" for name in words[:-1]}
    assert sources
    assert sources <= let_in
    assert {name for name in sources if not (REPOSITORY / name).exists()} == set()


def test_each_image_holds_only_its_own_program() -> None:
    texts = {path.name: path.read_text() for path in DOCKERFILES}
    assert "COPY worker" not in texts["web.Dockerfile"]
    assert "COPY web" not in texts["worker.Dockerfile"]


def web_stage(name: str) -> list[tuple[str, str]]:
    """The instructions of one stage; the last one has no name."""
    stages: dict[str, list[tuple[str, str]]] = {}
    current = ""
    for word, rest in instructions(WEB):
        if word == "FROM":
            current = rest.partition(" AS ")[2]
        stages.setdefault(current, []).append((word, rest))
    return stages[name]


def test_the_web_image_serves_the_pane_that_it_builds() -> None:
    copies = [rest.split() for word, rest in web_stage("") if word == "COPY"]
    ((_, built, place),) = [words for words in copies if words[0] == "--from=pane"]
    workdir = next(rest for word, rest in web_stage("pane") if word == "WORKDIR")
    assert built == f"{workdir}/dist"
    assert ("RUN", "npm run build") in web_stage("pane")
    variables = " ".join(rest for word, rest in web_stage("") if word == "ENV").split()
    assert f"{ENV_PREFIX}ADDIN_DIR={place}" in variables


def test_the_web_image_can_log_operators_in_by_openid_connect() -> None:
    (extras,) = re.findall(r"pip install [^&]*'\.\[(.+?)\]'", WEB.read_text())
    assert set(extras.split(",")) == {"web", "oidc"}


@pytest.mark.browser
def test_the_pane_can_be_built_from_what_the_image_copies(tmp_path: Path) -> None:
    for word, rest in web_stage("pane"):
        if word != "COPY":
            continue
        *names, place = rest.split()
        for name in names:
            source = REPOSITORY / name
            if source.is_dir():
                shutil.copytree(source, tmp_path / place)
            else:
                shutil.copy(source, tmp_path / place)
    (tmp_path / "node_modules").symlink_to(REPOSITORY / "addin" / "node_modules")
    subprocess.run(["npm", "run", "build"], cwd=tmp_path, check=True, capture_output=True)
    built = {path.name for path in (tmp_path / "dist").iterdir()}
    assert {"taskpane.html", "assets", "icons", "manifest.xml", "manifest.json"} <= built


@pytest.mark.parametrize("path", DEPLOYMENT_FILES, ids=lambda path: path.name)
def test_every_variable_of_ours_is_a_setting(path: Path) -> None:
    settings = {each.env_name for each in describe()}
    named = set(re.findall(rf"\b{ENV_PREFIX}[A-Z0-9_]+\b", path.read_text()))
    # A comment may speak of `CRISPDECK_..._SERVICE_HOST`, which ends in an underscore here.
    assert {name for name in named if not name.endswith("_")} - settings == set()
