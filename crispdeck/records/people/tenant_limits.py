"""How much a tenant may ask for and keep: the settings, but for what was set for it alone."""

from dataclasses import asdict, dataclass

from crispdeck.errors import InvalidRequestError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.tables import Tenant
from crispdeck.settings import Settings

LONGEST_DAYS = 3650.0  # ten years; a guess: no rule about keeping asks for more
LARGEST_WEIGHT = 1000.0
"""A weight beyond this would shut all others out."""


@dataclass(frozen=True, kw_only=True)
class OwnAllowances:
    """What is set for one tenant; None: as the settings say. 0 means no limit, as there."""

    max_open_jobs: int | None = None
    max_storage_bytes: int | None = None
    requests_per_minute: int | None = None
    retention_days: float | None = None
    weight: float | None = None
    """Turns of its work for each turn of another tenant's; None: 1."""


@dataclass(frozen=True, kw_only=True)
class Allowances:
    """What is in force for one tenant; 0 means no limit."""

    max_open_jobs: int
    max_storage_bytes: int
    requests_per_minute: int
    retention_days: float


def own_allowances(db: Database, tenant_id: str) -> OwnAllowances:
    """Return what is set for a tenant. Raises NotFoundError."""
    with db.reading() as session:
        row = session.get(Tenant, tenant_id)
        if row is None:
            raise NotFoundError(f"There is no tenant {tenant_id}.")
        return OwnAllowances(
            max_open_jobs=row.max_open_jobs,
            max_storage_bytes=row.max_storage_bytes,
            requests_per_minute=row.requests_per_minute,
            retention_days=row.retention_days,
            weight=row.weight,
        )


def allowances(db: Database, tenant_id: str, settings: Settings) -> Allowances:
    """Return what is in force for a tenant. Raises NotFoundError."""
    own = asdict(own_allowances(db, tenant_id))
    del own["weight"]  # the queue reads it where it counts turns
    return Allowances(
        **{name: getattr(settings, name) if value is None else value for name, value in own.items()}
    )


def set_allowances(db: Database, tenant_id: str, own: OwnAllowances) -> None:
    """Set what holds for one tenant; what it has already is not touched by it.

    Raises:
        NotFoundError: no such tenant.
        InvalidRequestError: a value makes no sense.
    """
    values = asdict(own)
    bad = {name: "0 or more" for name, value in values.items() if value is not None and value < 0}
    days = own.retention_days
    if days is not None and not 0 < days <= LONGEST_DAYS:
        bad["retention_days"] = f"more than 0, at most {LONGEST_DAYS:g}"
    weight = own.weight
    if weight is not None and not 0 < weight <= LARGEST_WEIGHT:
        bad["weight"] = f"more than 0, at most {LARGEST_WEIGHT:g}"
    if bad:
        words = "; ".join(f"{name.replace('_', ' ')}: {what}" for name, what in bad.items())
        raise InvalidRequestError(f"These limits are not possible: {words}.", fields=bad)
    with db.session() as session:
        row = session.get(Tenant, tenant_id)
        if row is None:
            raise NotFoundError(f"There is no tenant {tenant_id}.")
        for name, value in values.items():
            setattr(row, name, value)
