"""The files of the repository as git knows them; reads, judges nothing."""

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


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
