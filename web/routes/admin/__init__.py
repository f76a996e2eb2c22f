"""/admin: the operators' pages, rendered here; one module for each subject."""

from web.routes.admin import (  # noqa: F401 - each puts its views on the blueprint
    audit,
    door,
    failures,
    job,
    jobs,
    operators,
    overview,
    pictures,
    system,
    tenants,
    webhooks,
    workers,
)
from web.routes.admin.site import admin

__all__ = ["admin"]
