"""The images: sound, small, without root, and the web's without torch."""

import re
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


@pytest.mark.parametrize("path", DEPLOYMENT_FILES, ids=lambda path: path.name)
def test_every_variable_of_ours_is_a_setting(path: Path) -> None:
    settings = {each.env_name for each in describe()}
    named = set(re.findall(rf"\b{ENV_PREFIX}[A-Z0-9_]+\b", path.read_text()))
    # A comment may speak of `CRISPDECK_..._SERVICE_HOST`, which ends in an underscore here.
    assert {name for name in named if not name.endswith("_")} - settings == set()
