"""Words that must not be in the repository: paths of a machine, package hosts, loose ends."""

import re

import pytest

from tests.wiring.repository import our_texts

# The brackets keep each pattern from finding itself.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(?:[w]ork|[r]oot|[h]ome/\w+)/",
    "a package host": r"[p]ypi\.org|[p]ythonhosted\.org|[r]egistry\.npmjs|[d]eb\.debian\.org",
    "a setting of somebody's pip": r"--[e]xtra-index|--[i]ndex-url|--[f]ind-links",
    "a loose end": r"\b(?:[T]ODO|[F]IXME|[X]XX)\b",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_nobody_wrote(pattern: str) -> None:
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in our_texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == []
