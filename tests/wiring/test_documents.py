"""The documents tell the truth about folders, commands, links and settings."""

import re
import subprocess
from pathlib import Path

import pytest

from crispdeck.settings import describe
from infra.write_settings import env_example, settings_page
from tests.wiring.repository import REPOSITORY, our_files, our_texts

PAGES = [path for path in our_files() if path.suffix == ".md"]


def test_every_top_level_folder_is_in_the_architecture() -> None:
    text = (REPOSITORY / "ARCHITECTURE.md").read_text()
    folders = {path.parts[0] for path in our_files() if len(path.parts) > 1}
    shown = {name for name in folders if not name.startswith(".")}
    assert {name for name in shown if f"`{name}/`" not in text} == set()


def test_every_folder_in_the_architecture_exists() -> None:
    text = (REPOSITORY / "ARCHITECTURE.md").read_text()
    named = re.findall(r"^\| `([\w/.]+)` \|", text, re.MULTILINE)
    assert named
    assert [name for name in named if not (REPOSITORY / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    text = (REPOSITORY / page).read_text()
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)
    folder = (REPOSITORY / page).parent
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_test_that_the_table_of_kinds_names_is_there() -> None:
    named = re.findall(r"`([\w/.]+\.py)::(\w+)`", (REPOSITORY / "docs/formats.md").read_text())
    assert len(set(named)) > 40
    for path, name in named:
        text = (REPOSITORY / "tests" / path).read_text()
        assert re.search(rf"(?:def|class) {name}\b", text), f"{path} has no {name}"


def test_every_path_in_the_recipes_exists() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text()
    recipes = text.split("## Recipes")[1].split("## Rules")[0]
    paths = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", recipes)
    assert len(paths) > 40
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []


def test_every_make_command_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for path, text in our_texts().items()
        if path.suffix in {".md", ".py", ".yml"} or path.name in {"run", "Makefile"}
        for name in re.findall(r"(?:^|`)make ([a-z-]+)(?=`| *#| *$)", text, re.MULTILINE)
    }
    assert {"run", "test"} <= named
    assert named <= targets


def test_help_lists_the_commands() -> None:
    shown = subprocess.run(
        ["make", "help"], check=True, capture_output=True, text=True, cwd=REPOSITORY
    )
    listed = {line.split()[1] for line in shown.stdout.splitlines()}
    assert {"help", "run", "test", "check", "fix", "bench"} <= listed


def test_the_page_of_settings_is_up_to_date() -> None:
    page = REPOSITORY / "docs" / "settings.md"
    assert page.read_text() == settings_page(describe()), "run `make docs`"


def test_the_example_environment_is_up_to_date() -> None:
    example = REPOSITORY / "infra" / "env.example"
    assert example.read_text() == env_example(describe()), "run `make docs`"


def test_every_setting_says_what_it_means() -> None:
    assert [each.name for each in describe() if len(each.meaning) < 8] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in (REPOSITORY / "README.md").read_text()
    assert (REPOSITORY / ".ci" / "run").read_text().rstrip().endswith("exec make test")
