"""A release can be made at any time: one version everywhere, notes for it, short subjects."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from infra.release_notes import release_notes
from tests.wiring.repository import REPOSITORY

PROJECT = (REPOSITORY / "pyproject.toml").read_text()
VERSION = tomllib.loads(PROJECT)["project"]["version"]


@pytest.mark.parametrize("name", ["package.json", "addin/package.json"])
def test_the_packages_of_node_are_of_the_same_version(name: str) -> None:
    assert json.loads((REPOSITORY / name).read_text())["version"] == VERSION


def test_the_images_are_of_the_same_version() -> None:
    kustomization = (REPOSITORY / "infra" / "k8s" / "base" / "kustomization.yaml").read_text()
    tags = re.findall(r"name: crispdeck-\S+\n\s+newTag: (\S+)", kustomization)
    assert set(tags) == {VERSION}


def test_the_change_log_has_notes_for_the_version() -> None:
    changes = (REPOSITORY / "CHANGELOG.md").read_text()
    assert "- " in release_notes(VERSION, changes, PROJECT)


def test_a_tag_of_another_version_or_without_notes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"not 9\.9\.9"):
        release_notes("9.9.9", "## 9.9.9\n\n- x", PROJECT)
    with pytest.raises(ValueError, match="no section"):
        release_notes(VERSION, "## Unreleased\n\n- x\n", PROJECT)


def test_notes_end_where_the_next_version_begins() -> None:
    changes = f"# Changelog\n\n## {VERSION} (today)\n\n- new\n\n## 0.0.1\n\n- old\n"
    assert release_notes(VERSION, changes, PROJECT) == "- new"


@pytest.mark.parametrize(
    ("subject", "is_taken"),
    [("x" * 60, True), ("x" * 61, False), ("é" * 60, True), ("Short\n\n" + "b" * 70, True)],
    ids=["60", "61", "60 beyond ASCII", "a long body"],
)
def test_a_subject_has_at_most_60_characters(tmp_path: Path, subject: str, is_taken: bool) -> None:
    message = tmp_path / "message"
    message.write_text(subject + "\n")
    ran = subprocess.run(
        [REPOSITORY / "infra" / "check-subject", message], check=False, capture_output=True
    )
    assert (ran.returncode == 0) is is_taken
