"""Print what CHANGELOG.md says of a version, if pyproject.toml is of that version; needs nothing.

python infra/release_notes.py 0.1.0
"""

import re
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def release_notes(version: str, changelog: str, pyproject: str) -> str:
    """Return the section of a version.

    Raises:
        ValueError: the project is of another version, or the change log has no such section.
    """
    declared = tomllib.loads(pyproject)["project"]["version"]
    if declared != version:
        raise ValueError(f"pyproject.toml is of version {declared}, not {version}.")
    section = re.search(
        rf"^## {re.escape(version)}(?: [^\n]*)?\n+(.*?)(?=^## |\Z)",
        changelog,
        re.MULTILINE | re.DOTALL,
    )
    if section is None or not section[1].strip():
        raise ValueError(f"CHANGELOG.md has no section `## {version}`, or an empty one.")
    return section[1].strip()


def main(arguments: list[str]) -> int:
    """Print the section, or say why there is none."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python infra/release_notes.py VERSION\n")
        return 2
    try:
        notes = release_notes(
            arguments[0],
            (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"),
            (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"),
        )
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(notes + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
