"""Who calls, and may they: bearer keys, scopes, and a guard that is closed by default."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

from crispdeck.errors import ForbiddenError, UnauthenticatedError
from crispdeck.records.people import audit
from crispdeck.records.people.keys import Caller, Scope, find_key
from crispdeck.records.roles import Role
from web import admin_sessions
from web.engine import engine

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "crispdeck_guard"


@dataclass(frozen=True)
class Guard:
    """What a route asks of its caller."""

    public: bool = False
    any_of: frozenset[Scope] = frozenset()
    """One of these scopes is enough; empty: any valid key. `admin` opens every door."""
    role: Role | None = None
    """A page for operators: it asks for a session of this role or a higher one, not for a key."""

    def admits(self, held: frozenset[Scope]) -> bool:
        """Say whether a key with these scopes may pass."""
        if held == {Scope.REVIEW}:  # reads one batch, and nothing that any key may read
            return Scope.REVIEW in self.any_of
        return not self.any_of or Scope.ADMIN in held or bool(self.any_of & held)


# A route that nobody marked asks for the highest scope.
CLOSED = Guard(any_of=frozenset({Scope.ADMIN}))


def needs(*any_of: Scope) -> Callable[[View], View]:
    """Mark a view: a key with one of these scopes (or any key when none is named)."""

    def mark(view: View) -> View:
        setattr(view, _MARK, Guard(any_of=frozenset(any_of)))
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that needs no key."""
    setattr(view, _MARK, Guard(public=True))
    return view


def needs_role(role: Role) -> Callable[[View], View]:
    """Mark a view for operators of this role or a higher one."""

    def mark(view: View) -> View:
        setattr(view, _MARK, Guard(role=role))
        return view

    return mark


def guard_of(app: Flask, endpoint: str | None) -> Guard:
    """Return what an endpoint asks for; static files and unknown addresses are public."""
    if endpoint is None or endpoint == "static":
        return Guard(public=True)
    mark = getattr(app.view_functions.get(endpoint), _MARK, CLOSED)
    assert isinstance(mark, Guard)  # noqa: S101 - set by the two functions above alone
    return mark


def caller() -> Caller:
    """Return who calls; only in views that are not public."""
    found: Caller | None = g.get("caller")
    if found is None:
        raise UnauthenticatedError("Send an API key: Authorization: Bearer cd_…")
    return found


def note(action: str, target: str, **data: object) -> None:
    """Write into the audit what the caller did, and to what."""
    who = caller()
    audit.record(
        engine().db,
        actor=who.key_id,
        action=action,
        target=target,
        data=data,
        tenant_id=who.tenant_id,
    )


def identify() -> None:
    """Look the key up, refuse nothing yet: limits count the unknown callers too."""
    g.caller = None
    guard = guard_of(current_app, request.endpoint)
    if guard.public:
        return
    # Operators have a session and no key: the two never mix, so a key opens no page of theirs.
    if guard.role is not None:
        admin_sessions.identify()
        return
    kind, _, presented = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and presented.strip():
        g.caller = find_key(engine().db, presented.strip())
        g.key_is_unknown = g.caller is None


def authorise() -> Response | None:
    """Refuse who has no key, a bad key or too few scopes; operators without a session log in."""
    guard = guard_of(current_app, request.endpoint)
    if guard.public:
        return None
    if guard.role is not None:
        return admin_sessions.admit(guard.role)
    if g.get("key_is_unknown"):
        raise UnauthenticatedError("This API key is unknown, expired or revoked.")
    check_scopes(guard, caller())
    return None


def check_scopes(guard: Guard, who: Caller) -> None:
    """Raise ForbiddenError where a key has none of the scopes that are wanted."""
    if not guard.admits(who.scopes):
        wanted = " or ".join(sorted(guard.any_of))
        raise ForbiddenError(f"This key lacks the scope {wanted}.")
