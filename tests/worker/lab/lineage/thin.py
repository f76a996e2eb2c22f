"""The rows in few channels: the same code and the same reach, in milliseconds."""

from collections.abc import Mapping

from worker.lab.lineage.rows import Row

_CHANNELS: Mapping[str, Mapping[str, int]] = {
    "srcnn": {},
    "fsrcnn": {},
    "espcn": {},
    "srdensenet": {"growth": 2, "bottleneck": 4},
    "rdn": {"channels": 4, "growth": 4},
    "rcan": {"channels": 8, "reduction": 4},
    "san": {"channels": 8, "reduction": 4},
}


def thin(row: Row) -> Mapping[str, int]:
    """Changes to a row's shape that leave its depth, and so its reach, as they are."""
    return _CHANNELS.get(row.narrow_of or row.name, {"channels": 4})
