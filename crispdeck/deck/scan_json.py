"""A scan as JSON and back, with nothing lost; keys are the names of the fields."""

import types
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from crispdeck.deck.model import Crop, DeckScan, PicturePart, Placement
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import InvalidRequestError

_DATACLASSES = {Crop, DeckScan, PicturePart, Placement, ScanOptions}


def scan_to_json(scan: DeckScan) -> dict[str, Any]:
    """Return a scan as plain dicts, lists, strings and numbers."""
    found: dict[str, Any] = _to_json(scan)
    return found


def scan_from_json(data: dict[str, Any]) -> DeckScan:
    """Return the scan that `scan_to_json` wrote.

    Raises:
        InvalidRequestError: the data are not a scan.
    """
    try:
        found: DeckScan = _from_json(DeckScan, data)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise InvalidRequestError("The data are not a scan of a deck.") from error
    return found


def _to_json(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _DATACLASSES:
        return {name: _to_json(getattr(value, name)) for name in _field_types(kind)}
    if isinstance(value, tuple):
        return [_to_json(one) for one in value]
    return value.value if isinstance(value, Enum) else value


def _from_json(kind: Any, value: Any) -> Any:
    """Make a value of an annotated type: a dataclass, an enum, a tuple, X | None or a plain one."""
    if get_origin(kind) is types.UnionType:
        return None if value is None else _from_json(get_args(kind)[0], value)
    if get_origin(kind) is tuple:
        return tuple(_from_json(get_args(kind)[0], one) for one in value)
    if kind in _DATACLASSES:
        known = _field_types(kind)
        return kind(**{name: _from_json(known[name], one) for name, one in value.items()})
    return kind(value)


@cache
def _field_types(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
