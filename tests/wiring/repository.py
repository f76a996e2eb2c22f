"""The files of the repository as git knows them, and what it asks for; judges nothing."""

import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

REPOSITORY = Path(__file__).parents[2]
EXTRAS = ("web", "oidc", "cpu-worker", "worker", "train", "bench", "dev")


def our_files() -> list[Path]:
    """Return every file that is or would be committed, relative to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    ).stdout.split("\0")
    return sorted(Path(name) for name in listed if name and (REPOSITORY / name).is_file())


def our_texts() -> dict[Path, str]:
    """Return the text of every file that is UTF-8."""
    texts = {}
    for path in our_files():
        try:
            texts[path] = (REPOSITORY / path).read_text()
        except UnicodeDecodeError:
            continue
    return texts


def declared(*extras: str) -> list[Requirement]:
    """Return what pyproject.toml asks for with these extras."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    optional = [line for each in extras for line in project["optional-dependencies"][each]]
    return [Requirement(line) for line in (*project["dependencies"], *optional)]
