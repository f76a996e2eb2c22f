"""What a job was asked for, kept with it as JSON."""

from dataclasses import dataclass, fields
from typing import Any, Self

from crispdeck.deck.model import ScanOptions
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
    look: bool = True
    """Pictures that were enlarged before count by their true size."""
    queue: QueueName = QueueName.BULK

    def scan_options(self, settings: Settings) -> ScanOptions:
        """Join what was asked for with the limits of this installation."""
        return ScanOptions.asked_for(
            low_ppi=self.low_ppi,
            target_ppi=self.target_ppi,
            max_scale=self.max_scale,
            layouts=self.layouts,
            look=self.look,
            settings=settings,
        )

    def to_json(self) -> dict[str, Any]:
        """Give the fields as JSON knows them."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        pictures = None if self.pictures is None else list(self.pictures)
        return values | {"pictures": pictures, "queue": self.queue.value}

    @classmethod
    def of_batch(cls, choices: dict[str, Any], pictures: tuple[str, ...] | None = None) -> Self:
        """Read the choices of a batch, for one of its decks."""
        known = {item.name for item in fields(cls)} - {"pictures", "queue"}
        return cls(pictures=pictures, **{k: v for k, v in choices.items() if k in known})

    @property
    def choices(self) -> dict[str, Any]:
        """All but which pictures and which queue: what the decks of a batch share."""
        asked = self.to_json()
        del asked["pictures"], asked["queue"]
        return asked

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        pictures = values["pictures"]
        chosen = None if pictures is None else tuple(pictures)
        return cls(**values | {"pictures": chosen, "queue": QueueName(values["queue"])})
