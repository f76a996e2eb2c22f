"""What scripts and server must agree on is written once, and made anew where it changes."""

from pathlib import Path

import pytest

from infra.write_facts import FILES
from tests.conftest import REPOSITORY


@pytest.mark.parametrize("path", FILES, ids=str)
def test_the_scripts_know_what_the_server_knows(path: Path) -> None:
    assert (REPOSITORY / path).read_text() == FILES[path](), "run `make apitypes`"
