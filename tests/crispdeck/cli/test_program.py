"""The program as a whole: help, exit codes, errors as sentences, and nothing heavy at the start."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from crispdeck.cli.exits import Exit
from crispdeck.cli.program import crispdeck

Cli = Callable[..., Any]
DOCS = Path(__file__).parents[3] / "docs" / "cli.md"


def commands() -> dict[str, click.Command]:
    context = click.Context(crispdeck)
    found = {
        name: crispdeck.get_command(context, name) for name in crispdeck.list_commands(context)
    }
    return {name: command for name, command in found.items() if command is not None}


def options_of(name: str, command: click.Command) -> Iterator[click.Option]:
    """All options; those of commands inside a command too, but for the developers' bench."""
    if isinstance(command, click.Group) and name != "bench":
        context = click.Context(command)
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            assert inner is not None
            yield from options_of(name, inner)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            yield parameter


def section(text: str, name: str) -> str:
    """What the page says of a command, and of the one whose options it takes too."""
    found = [each for each in text.split("\n## ") if name in each.partition("\n")[0].split(", ")]
    own = found[0] if found else ""
    return own + section(text, "scan") if "the options of `scan`" in own else own


def test_help_lists_every_command_and_the_exit_codes(cli: Cli) -> None:
    ran = cli("--help")
    assert ran.code == Exit.DONE
    for name in crispdeck.list_commands(click.Context(crispdeck)):
        assert f"  {name} " in ran.out
    assert "3 nothing to do" in ran.out


def test_the_version_is_told(cli: Cli) -> None:
    assert cli("--version").out.startswith("crispdeck, version ")


def test_the_documentation_names_every_command_option_and_exit_code() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for name, command in commands().items():
        assert f"crispdeck {name}" in text
        own = section(text, name)
        for option in options_of(name, command):
            said = (re.search(rf"{word}(?![\w-])", own) for word in option.opts)
            assert any(said), (name, option.name)
    for each in Exit:
        assert f"| {each.value} |" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("scan",),
        ("scan", "absent.pptx"),
        ("scan", "--preset", "harsh", "."),
        ("upscale", "."),
        ("upscale", "--scale", "3", "-o", "x", "."),
        ("bench", "nothing"),
    ],
)
def test_wrong_usage_has_its_own_exit_code(cli: Cli, arguments: tuple[str, ...]) -> None:
    ran = cli(*arguments)
    assert ran.code == Exit.USAGE
    assert "Error: " in ran.err
    assert "Traceback" not in ran.err


def test_a_wrong_setting_is_one_sentence(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISPDECK_PORT", "many")
    ran = cli("settings")
    assert ran.code == Exit.FAILED
    assert "[settings_invalid]" in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def modules_after(*arguments: str) -> set[str]:
    """Run a command in a fresh interpreter and return the top-level modules that it loaded."""
    code = (
        "import sys\n"
        "from crispdeck.cli.program import run\n"
        f"run({list(arguments)!r})\n"
        "print('\\n' + ' '.join({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_loads_neither_network_nor_decks() -> None:
    assert not modules_after("--help") & {"torch", "numpy", "lxml", "sqlalchemy", "rich", "celery"}


@pytest.mark.parametrize("command", ["scan", "enhance", "revert", "upscale", "settings"])
def test_help_of_a_command_loads_no_network(command: str) -> None:
    assert not modules_after(command, "--help") & {"torch", "celery", "flask"}


def test_a_scan_loads_no_network(deck: Path) -> None:
    assert not modules_after("scan", str(deck)) & {"torch", "sqlalchemy", "celery"}


def test_a_scan_without_a_look_at_the_pixels_loads_not_even_numpy(deck: Path) -> None:
    loaded = modules_after("scan", "--no-true-size", str(deck))
    assert not loaded & {"torch", "numpy", "sqlalchemy", "celery"}


def test_an_enhance_with_nothing_to_do_loads_no_network(
    tmp_path: Path, make_deck: Callable[..., Path], sharp_png: bytes
) -> None:
    made = make_deck(tmp_path / "sharp.pptx", sharp_png)
    assert not modules_after("enhance", str(made)) & {"torch"}
