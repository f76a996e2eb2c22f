"""A file has settled when it has been the same for a while; an empty one never has."""

import os
from pathlib import Path

from crispdeck.cli.files import Source
from crispdeck.cli.settling import Settling


def test_a_file_settles_when_it_has_not_changed_for_long_enough(tmp_path: Path) -> None:
    now = [0.0]
    settling = Settling(10, lambda: now[0])
    path = tmp_path / "talk.pptx"
    path.write_bytes(b"half")
    sources = [Source(path, Path(path.name))]
    assert settling.settled(sources) == []
    now[0] = 9
    path.write_bytes(b"half and more")
    assert settling.settled(sources) == []
    now[0] = 18
    assert settling.settled(sources) == []
    now[0] = 19
    ((source, stamp),) = settling.settled(sources)
    assert (source.path, stamp.size_bytes) == (path, 13)
    os.utime(path, (1, 1))
    assert settling.settled(sources) == []


def test_an_empty_file_never_settles_and_one_that_is_gone_is_passed_over(tmp_path: Path) -> None:
    settling = Settling(0)
    empty = tmp_path / "empty.pptx"
    empty.touch()
    sources = [Source(empty, Path(empty.name)), Source(tmp_path / "gone.pptx", Path("gone.pptx"))]
    assert settling.settled(sources) == []
