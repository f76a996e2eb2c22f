"""The rows in few channels and, where depth does not matter, few layers: the same code, quick."""

from collections.abc import Mapping
from typing import Any

from worker.lab.lineage.rows import ROWS, Row

SHAPES = {row.name: row for row in ROWS.values() if row.narrow_of is None or row.name == "srgan"}
"""One row of each shape: in a thin size a narrow one is the same network."""

_CHANNELS: Mapping[str, Mapping[str, Any]] = {
    "srcnn": {},
    "fsrcnn": {},
    "espcn": {},
    "srdensenet": {"growth": 2, "bottleneck": 4},
    "rdn": {"channels": 4, "growth": 4},
    "rcan": {"channels": 8, "reduction": 4},
    "san": {"channels": 8, "reduction": 4},
    "landmark": {},
    "crossnet": {"channels": 4, "flow": 4},
    "ttsr": {"channels": 4, "textures": 4},
}
_LAYERS: Mapping[str, Mapping[str, Any]] = {
    "vdsr": {"depth": 4},
    "srresnet": {"blocks": 2},
    "edsr": {"blocks": 2},
    "srdensenet": {"blocks": 2, "layers": 2},
    "rdn": {"blocks": 2, "layers": 2},
    "rcan": {"groups": 2, "blocks": 2},
    "san": {"groups": 2, "blocks": 2},
    "johnson": {"blocks": 1},
    "enhancenet": {"blocks": 1},
    "srgan": {"blocks": 2},
    "srntt": {"blocks": (1, 1, 1, 1)},
    "ttsr": {"blocks": (1, 1, 1, 1)},
}


def thin(row: Row) -> Mapping[str, Any]:
    """Changes to a row's shape that leave its depth, and so its reach, as they are."""
    return _CHANNELS.get(row.narrow_of or row.name, {"channels": 4})


def tiny(row: Row) -> Mapping[str, Any]:
    """Changes that make it shallow too."""
    return {**thin(row), **_LAYERS.get(row.narrow_of or row.name, {})}
