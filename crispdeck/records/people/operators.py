"""Operators: the people behind /admin, their passwords and roles; sessions are another module's."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crispdeck.errors import ConflictError, InvalidRequestError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.people.passwords import check_choice, fits, hashed, new_password
from crispdeck.records.people.values import OperatorRecord
from crispdeck.records.roles import Role
from crispdeck.records.tables import Operator, OperatorSession

FIRST_OPERATOR = "admin"


@dataclass(frozen=True)
class NewOperator:
    """An operator in the only moment that the password is known."""

    id: str
    name: str
    password: str


def create_operator(
    db: Database, name: str, role: Role, *, password: str | None = None
) -> NewOperator:
    """Add an operator; without a password, one is made.

    Raises:
        ConflictError: the name is taken.
        InvalidRequestError: the name or the password will not do.
    """
    name, chosen = _good_name(name), password or new_password()
    check_choice(chosen, name)
    row = Operator(id=new_id(), name=name, role=role, password_hash=hashed(chosen))
    with db.session() as session:
        db.lock(session)
        if _by_name(session, row.name) is not None:
            raise ConflictError(f"There is an operator {row.name} already.")
        row.created_at = db.now(session)
        session.add(row)
    return NewOperator(row.id, row.name, chosen)


def operator_of_subject(
    db: Database, subject: str, name: str, new_role: Role | None
) -> OperatorRecord | None:
    """Return whom an OpenID Connect subject belongs to; a new one is made if there is a role.

    Subjects alone decide: a name can be chosen at the issuer, and must not open another's account.

    Returns:
        None for a subject that is unknown and must not become one, or that is shut out.

    Raises:
        ConflictError: the newcomer's name belongs to somebody else here.
    """
    with db.session() as session:
        db.lock(session)
        row = session.scalars(select(Operator).where(Operator.subject == subject)).first()
        if row is None and new_role is not None:
            name = _good_name(name)
            if _by_name(session, name) is not None:
                raise ConflictError(
                    f"There is an operator {name} already, who logs in with a password."
                )
            row = Operator(id=new_id(), name=name, role=new_role, subject=subject)
            row.created_at = db.now(session)
            session.add(row)
            session.flush()
        if row is None or row.disabled_at is not None:
            return None
        return OperatorRecord.of(row)


def ensure_first_operator(db: Database) -> NewOperator | None:
    """Make an administrator called `admin`; None if there is any operator already."""
    with db.reading() as session:
        if session.scalars(select(func.count()).select_from(Operator)).one():
            return None
    try:
        return create_operator(db, FIRST_OPERATOR, Role.ADMIN)
    except ConflictError:  # another process was first
        return None


def check_password(db: Database, name: str, password: str) -> OperatorRecord | None:
    """Return whose name and password these are; None if they do not fit or the door is closed.

    An unknown name takes as long as a wrong password. Nothing is counted: see `sessions`.
    """
    with db.reading() as session:
        row = _by_name(session, name)
        stored = row.password_hash if row is not None else None
        usable = row is not None and row.disabled_at is None and stored is not None
        found = OperatorRecord.of(row) if row is not None else None
    return found if fits(stored, password) and usable else None


def set_password(db: Database, operator_id: str, password: str | None = None) -> str:
    """Give an operator another password, a new one if left out, and end all sessions.

    Raises:
        NotFoundError: no such operator.
        InvalidRequestError: the password will not do.
    """
    chosen = password or new_password()
    check_choice(chosen, get_operator(db, operator_id).name)
    # Outside of the transaction: argon2 is slow on purpose.
    kept = hashed(chosen)
    with db.session() as session:
        _get(session, operator_id).password_hash = kept
        _end_sessions(session, operator_id)
    return chosen


def set_role(db: Database, operator_id: str, role: Role) -> None:
    """Change what an operator may do, from the next request on.

    Raises:
        NotFoundError: no such operator.
        ConflictError: nobody would be left to administer.
    """
    with db.session() as session:
        db.lock(session)
        row = _get(session, operator_id)
        row.role = role
        _keep_an_admin(session)


def set_disabled(db: Database, operator_id: str, *, disabled: bool) -> None:
    """Close or open the door for an operator; closing ends all sessions.

    Raises:
        NotFoundError: no such operator.
        ConflictError: nobody would be left to administer.
    """
    with db.session() as session:
        db.lock(session)
        row = _get(session, operator_id)
        row.disabled_at = db.now(session) if disabled else None
        _keep_an_admin(session)
        if disabled:
            _end_sessions(session, operator_id)


def list_operators(db: Database) -> list[OperatorRecord]:
    """List all operators by name."""
    with db.reading() as session:
        rows = session.scalars(select(Operator).order_by(Operator.name))
        return [OperatorRecord.of(row) for row in rows]


def find_operator(db: Database, name: str) -> OperatorRecord:
    """Look an operator up by name. Raises NotFoundError."""
    with db.reading() as session:
        row = _by_name(session, name)
        if row is None:
            raise NotFoundError(f"There is no operator {name}.")
        return OperatorRecord.of(row)


def get_operator(db: Database, operator_id: str) -> OperatorRecord:
    """Look an operator up. Raises NotFoundError."""
    with db.reading() as session:
        return OperatorRecord.of(_get(session, operator_id))


def _get(session: Session, operator_id: str) -> Operator:
    row = session.get(Operator, operator_id)
    if row is None:
        raise NotFoundError(f"There is no operator {operator_id}.")
    return row


def _by_name(session: Session, name: str) -> Operator | None:
    if "\x00" in name:  # PostgreSQL cannot even be asked
        return None
    return session.scalars(select(Operator).where(Operator.name == name)).first()


def _keep_an_admin(session: Session) -> None:
    session.flush()
    # Under the database's lock: two administrators who shut each other out would both see one left.
    admins = select(func.count()).where(Operator.role == Role.ADMIN, Operator.disabled_at.is_(None))
    if not session.scalars(admins).one():
        raise ConflictError("One administrator has to stay.")


def _end_sessions(session: Session, operator_id: str) -> None:
    session.execute(delete(OperatorSession).where(OperatorSession.operator_id == operator_id))


def _good_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise InvalidRequestError(
            "A name has 1 to 100 letters.", fields={"name": "1 to 100 printable letters"}
        )
    return name
