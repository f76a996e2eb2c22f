"""What a job was asked for, kept with it as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import UnreadableRowError
from crispdeck.queue.names import QueueName
from crispdeck.settings import Settings


@dataclass(frozen=True, kw_only=True)
class JobOptions:
    """What a job was asked for; kept with it as JSON."""

    pictures: tuple[str, ...] | None = None
    """Part names; None: all that the scan finds low."""
    target_ppi: float = ScanOptions.target_ppi
    max_scale: int = ScanOptions.max_scale
    low_ppi: float = ScanOptions.low_ppi
    layouts: bool = False
    crispness: float | None = None
    """0 to 1; None: as this installation is set."""
    true_size: bool = True
    """Pictures that were enlarged before count by their true size."""
    strip: bool = False
    """Date, place, author and other notes of a single picture are left out."""
    queue: QueueName = QueueName.BULK
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What a process of another version has written; kept as it is."""

    def scan_options(self, settings: Settings) -> ScanOptions:
        """Join what was asked for with the limits of this installation."""
        return ScanOptions.asked_for(
            low_ppi=self.low_ppi,
            target_ppi=self.target_ppi,
            max_scale=self.max_scale,
            layouts=self.layouts,
            true_size=self.true_size,
            settings=settings,
        )

    def to_json(self) -> dict[str, Any]:
        """Give the fields as JSON knows them.

        No key may be added to what is written without being asked for: processes of an older
        version that run beside this one refuse a key that they do not know.
        """
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        del values["unknown"]
        if not self.strip:
            del values["strip"]
        values[_STORED_TRUE_SIZE] = values.pop("true_size")
        pictures = None if self.pictures is None else list(self.pictures)
        return {**self.unknown, **values, "pictures": pictures, "queue": self.queue.value}

    @classmethod
    def of_batch(cls, choices: dict[str, Any], pictures: tuple[str, ...] | None = None) -> Self:
        """Read the choices of a batch, for one of its decks."""
        read = cls.from_json({k: v for k, v in choices.items() if k not in {"pictures", "queue"}})
        return replace(read, pictures=pictures, unknown={})

    @property
    def choices(self) -> dict[str, Any]:
        """All but which pictures and which queue: what the decks of a batch share."""
        asked = self.to_json()
        del asked["pictures"], asked["queue"]
        return asked

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Read what this or another version wrote: what is missing is as if nobody had chosen.

        Raises:
            UnreadableRowError: a value is not of its kind.
        """
        if not isinstance(values, Mapping):
            raise UnreadableRowError("The job's options are not a JSON object.")
        known = {item.name for item in fields(cls)} - {"unknown"}
        values = by_field(values)
        chosen = {name: _checked(name, value) for name, value in values.items() if name in known}
        unknown = {name: value for name, value in values.items() if name not in known}
        return cls(**chosen, unknown=unknown)


def by_field(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Give stored options the names that they have everywhere else."""
    return {_FIELDS.get(name, name): value for name, value in stored.items()}


def _checked(name: str, value: Any) -> Any:
    """Return a value as the field of that name holds it."""
    kinds = _KINDS[name]
    if name in _OPTIONAL and value is None:
        return None
    # In JSON and in Python true is a number; here it is none.
    is_bool = isinstance(value, bool) and bool not in kinds
    if is_bool or type(value) not in kinds:
        raise UnreadableRowError(f"The option {name} of the job cannot be {str(value)[:80]!r}.")
    if name == "pictures":
        return tuple(str(part) for part in value)
    if name == "queue":
        return QueueName(value) if value in set(QueueName) else QueueName.BULK
    return value


_KINDS: Mapping[str, tuple[type, ...]] = {
    "pictures": (list,),
    "target_ppi": (int, float),
    "max_scale": (int,),
    "low_ppi": (int, float),
    "layouts": (bool,),
    "crispness": (int, float),
    "true_size": (bool,),
    "strip": (bool,),
    "queue": (str,),
}
_STORED_TRUE_SIZE = "look"
"""As rows always called it: processes of an older version refuse a key that they do not know."""
_FIELDS = {_STORED_TRUE_SIZE: "true_size"}
_OPTIONAL = frozenset({"pictures", "crispness"})
