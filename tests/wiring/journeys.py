"""Follow what really calls what, from room to room, while something is done.

A room is a folder. A call into a room from another one is an arrow; where code that nobody of ours
called comes first (Flask, click, a test), the arrow begins outside.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from types import FrameType
from typing import Any

from tests.conftest import REPOSITORY

OUTSIDE = "outside"

FLOORS = (
    ("web/routes",),
    ("web/serving",),
    ("web",),
    ("web/schemas",),
    ("worker/cli",),
    ("worker/steps",),
    ("worker",),
    ("worker/upscaling",),
    ("worker/faithful",),
    ("worker/networks",),
    ("crispdeck/cli", "crispdeck/cli/commands"),
    ("crispdeck/services",),
    ("crispdeck/services/originals",),
    ("crispdeck/services/confined",),
    ("crispdeck/report", "crispdeck/slides", "crispdeck/sample", "crispdeck/storage"),
    ("crispdeck/words",),
    ("crispdeck/records/figures",),
    ("crispdeck/records/work",),
    ("crispdeck/records/shelf",),
    ("crispdeck/records/people",),
    ("crispdeck/records",),
    ("crispdeck/records/tables",),
    ("crispdeck/queue",),
    ("crispdeck/deck",),
    ("crispdeck/deck/opc",),
    ("crispdeck/deck/zip",),
    ("crispdeck/picture/provenance", "crispdeck/picture/matching"),
    ("crispdeck/picture",),
    ("crispdeck/picture/headers", "crispdeck/picture/drawings"),
    ("crispdeck",),
)
"""From the top down; rooms on one floor don't call each other."""

_FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
_PACKAGES = {"crispdeck", "web", "worker"}


class Journey:
    """The arrows of one thing that was done, in the order in which they were first gone."""

    def __init__(self) -> None:
        self.arrows: Counter[tuple[str, str]] = Counter()

    @property
    def rooms(self) -> list[str]:
        """Every room that was entered, the first one first."""
        return list(dict.fromkeys(room for _, room in self.arrows))

    def climbs(self) -> set[tuple[str, str]]:
        """The arrows that lead up, or along a floor."""
        return {
            (caller, called)
            for caller, called in self.arrows
            if caller != OUTSIDE and _FLOOR_OF[caller] >= _FLOOR_OF[called]
        }

    def _note(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call" or frame.f_code.co_name.startswith("<"):
            return  # modules, comprehensions and lambdas are part of who wrote them
        room = _room(frame.f_code.co_filename)
        if room is None:
            return
        caller = next((found for one in _callers(frame) if (found := _room(one))), OUTSIDE)
        if caller != room:
            self.arrows[caller, room] += 1


@contextmanager
def followed() -> Iterator[Journey]:
    """Note every arrow of this thread until the end."""
    journey = Journey()
    sys.setprofile(journey._note)
    try:
        yield journey
    finally:
        sys.setprofile(None)


def _callers(frame: FrameType) -> Iterator[str]:
    caller = frame.f_back
    while caller is not None:
        yield caller.f_code.co_filename
        caller = caller.f_back


def _room(file: str) -> str | None:
    path = PurePath(file)
    if not path.is_relative_to(REPOSITORY):
        return None
    room = path.relative_to(REPOSITORY).parent.as_posix()
    is_ours = room.split("/", 1)[0] in _PACKAGES and "migrations" not in room
    return room if is_ours else None


def _existing() -> set[str]:
    return {room for room in _FLOOR_OF if (Path(REPOSITORY) / room).is_dir()}


assert _existing() == set(_FLOOR_OF), "a floor names a room that is no more"
