"""Hands the rows of the lineage to the registry of networks; loads none."""

import sys

from worker.lab.lineage.rows import ROWS, SCALE, Row
from worker.lab.lineage.store import entry_of, folder_of_row, weights_name
from worker.networks.descriptor import NetworkDescriptor
from worker.networks.registry import register as add

UNTRAINED = "untrained"
"""Version of a row whose weights lie nowhere."""
WITHOUT_WEIGHTS = "1"
"""Version of a row that has none; a change of its code makes it 2."""


def register() -> None:
    """Make every row selectable by its name."""
    add(descriptor_of(row) for row in ROWS.values())


def descriptor_of(row: Row) -> NetworkDescriptor:
    """Describe a row with the weights that there are now."""
    folder = folder_of_row(row.name)
    entry = entry_of(row.name, folder)
    # By the weights' sum: rows are trained further, and what older weights made is not theirs.
    version = UNTRAINED if entry is None else str(entry["sha256"])[:8]
    version = version if row.parameters else WITHOUT_WEIGHTS
    return NetworkDescriptor(
        name=f"{row.name}-x{SCALE}",
        version=version,
        scale=SCALE,
        parameters=row.parameters,
        reach_px=row.reach_px,
        dtypes=row.dtypes,
        min_pixels=1,
        max_pixels=sys.maxsize,
        weights_file=weights_name(row.name),
        build=row.build,
        weights_folder=folder,
    )
