"""What operators may do, by role."""

from enum import StrEnum


class Role(StrEnum):
    """What an operator may do; each role may do all that the ones before it may."""

    VIEWER = "viewer"
    """Look at everything but secrets."""
    OPERATOR = "operator"
    """Cancel, retry and delete jobs; drain and resume workers."""
    ADMIN = "admin"
    """Make tenants, keys, limits and operators."""

    def covers(self, needed: "Role") -> bool:
        """Say if this role may do what `needed` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)
