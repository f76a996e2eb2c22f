"""Exit codes over several files."""

import pytest

from crispdeck.cli.exits import exit_of


@pytest.mark.parametrize(("failed", "done", "code"), [(0, 3, 0), (1, 3, 1), (3, 0, 1), (0, 0, 3)])
def test_exit_codes_over_several_files(failed: int, done: int, code: int) -> None:
    assert exit_of(failed=failed, done=done) == code
