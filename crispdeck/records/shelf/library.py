"""Pictures of the library, found by their marks; whether one is an original others decide.

Marks are equal numbers or none: bits of the whole frame in bands, and words of features. A mark
that very many pictures have tells nothing, and is not looked at.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import ARRAY, BigInteger, Select, bindparam, delete, insert, select, text, update
from sqlalchemy.orm import Session, undefer

from crispdeck.errors import NotFoundError
from crispdeck.picture.matching.marks import BAND_BITS, WORD_BITS, bands_of
from crispdeck.records.database import Database
from crispdeck.records.rows import FromRow
from crispdeck.records.tables import LibraryMark, LibraryPicture

COMMON = 64
"""As many pictures with one mark make it tell nothing; more are not even counted."""
_MOST_LOOKED_AT = 400
"""Pictures whose marks are compared in full, those that share most first; a guess."""
_WORD_BYTES = WORD_BITS // 8
_TENANT_BITS = 38  # of a tenant's hash in a key of 63 bits: the rest are a word and what it is of
_AT_ONCE = 500  # parameters of one statement; SQLite took 999 for long

_LONGEST_NAME = 1000  # characters, as its column
_FORGOTTEN_AT_ONCE = 1000  # pictures, with a hundred marks each: some seconds; a guess

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class LibraryRecord(FromRow):
    """A picture of the library."""

    id: int
    sha256: str
    name: str
    place: str
    deck_id: str | None
    added_by: str
    added_at: datetime
    expires_at: datetime | None
    never: bool
    width_px: int
    height_px: int
    frame: int


@dataclass(frozen=True, kw_only=True)
class NewLibraryPicture:
    """A picture to add.

    Attributes:
        frame: the hash of the whole frame, 64 bits, not negative.
        words: of its features, WORD_BITS bits each.
    """

    sha256: str
    name: str
    place: str
    added_by: str
    width_px: int
    height_px: int
    frame: int
    words: Sequence[int]
    deck_id: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Candidate:
    """A picture that shares marks.

    Attributes:
        shared: what its shared words weigh: a word that n pictures have weighs 1 / n.
    """

    picture: LibraryRecord
    shared: float

    @property
    def frame(self) -> int:
        """The hash of its whole frame, 64 bits, not negative."""
        return self.picture.frame & (1 << 64) - 1


def add_to_library(db: Database, tenant_id: str, pictures: Iterable[NewLibraryPicture]) -> int:
    """Add pictures, each of equal bytes once; returns how many are new."""
    added = 0
    for some in _portions(pictures):
        with db.session() as session:
            known = _known(session, tenant_id, [one.sha256 for one in some])
            for one in some:
                if one.sha256 not in known:
                    known.add(one.sha256)
                    _add(db, session, tenant_id, one)
                    added += 1
    return added


def _known(session: Session, tenant_id: str, sha256s: Collection[str]) -> set[str]:
    query = select(LibraryPicture.sha256).where(
        LibraryPicture.tenant_id == tenant_id, LibraryPicture.sha256.in_(sha256s)
    )
    return set(session.scalars(query))


def _add(db: Database, session: Session, tenant_id: str, one: NewLibraryPicture) -> None:
    row = LibraryPicture(
        tenant_id=tenant_id,
        sha256=one.sha256,
        name=one.name[:_LONGEST_NAME],
        place=one.place,
        deck_id=one.deck_id,
        added_by=one.added_by[:300],
        added_at=db.now(session),
        expires_at=one.expires_at,
        never=False,
        width_px=one.width_px,
        height_px=one.height_px,
        frame=one.frame - (one.frame >> 63 << 64),
        words=b"".join(word.to_bytes(_WORD_BYTES) for word in one.words),
    )
    session.add(row)
    session.flush()
    marks = [{"key": key, "picture_id": row.id} for key in _keys_of(row)]
    session.execute(insert(LibraryMark), marks)


def find_by_sha256(db: Database, tenant_id: str, sha256: str) -> LibraryRecord | None:
    """Return the picture of these bytes, whether it may be used or not."""
    with db.reading() as session:
        row = session.scalar(
            select(LibraryPicture).where(
                LibraryPicture.tenant_id == tenant_id, LibraryPicture.sha256 == sha256
            )
        )
        return LibraryRecord.of(row) if row is not None else None


def move_in_library(
    db: Database, tenant_id: str, picture_id: int, *, name: str, place: str
) -> None:
    """Note where the bytes of a picture lie now."""
    with db.session() as session:
        session.execute(
            update(LibraryPicture)
            .where(LibraryPicture.id == picture_id, LibraryPicture.tenant_id == tenant_id)
            .values(name=name[:_LONGEST_NAME], place=place)
        )


def list_library(db: Database, tenant_id: str, *, limit: int = 1000) -> list[LibraryRecord]:
    """List a tenant's pictures, the newest first."""
    with db.reading() as session:
        query = (
            select(LibraryPicture)
            .where(LibraryPicture.tenant_id == tenant_id)
            .order_by(LibraryPicture.id.desc())
            .limit(limit)
        )
        return [LibraryRecord.of(row) for row in session.scalars(query)]


def find_in_library(
    db: Database,
    tenant_id: str,
    bands: Sequence[tuple[int, int]],
    words: Sequence[Sequence[int]],
) -> list[Candidate]:
    """Return what shares marks with a picture and may be used, in no order.

    Args:
        db: the records.
        tenant_id: whose pictures.
        bands: (band, number) of the whole frame, near ones too.
        words: for each feature the words that it may have.
    """
    with db.reading() as session:
        band_keys = _band_keys(tenant_id, bands)
        word_keys = [_word_keys(tenant_id, probes) for probes in words]
        asked = {*band_keys, *(key for keys in word_keys for key in keys)}
        found = _postings(db, session, sorted(asked))
        shared = _shared(word_keys, found)
        alike = Counter(one for key in set(band_keys) for one in found.get(key, ()))
        best = sorted(shared, key=lambda one: -shared[one])[:_MOST_LOOKED_AT]
        best += [one for one, _ in alike.most_common() if one not in shared]
        rows = _usable(db, session, tenant_id, best)
    return [Candidate(row, shared.get(row.id, 0.0)) for row in rows]


def _shared(
    word_keys: Iterable[Sequence[int]], found: Mapping[int, Sequence[int]]
) -> dict[int, float]:
    """Sum up for each picture what the words weigh that it shares, one for each feature."""
    shared: dict[int, float] = defaultdict(float)
    for keys in word_keys:
        weights: dict[int, float] = {}
        for key in keys:
            pictures = found.get(key, ())
            for one in pictures:
                weights[one] = max(weights.get(one, 0.0), 1 / len(pictures))
        for one, weight in weights.items():
            shared[one] += weight
    return shared


def _postings(db: Database, session: Session, keys: Sequence[int]) -> dict[int, list[int]]:
    """Return for each key the pictures that have it; common keys are left out."""
    found: dict[int, list[int]] = {}
    if db.dialect == "sqlite":
        # Thousands of small questions: SQLAlchemy's way to each would take most of the time.
        driver = session.connection().connection.driver_connection
        sql = f"SELECT picture_id FROM library_mark WHERE key = ? LIMIT {COMMON}"  # noqa: S608
        for key in keys:
            pictures = [row[0] for row in driver.execute(sql, (key,))]  # type: ignore[union-attr]
            if 0 < len(pictures) < COMMON:
                found[key] = pictures
        return found
    rows = session.execute(
        text(
            "SELECT asked.key, mark.picture_id FROM unnest(:keys) AS asked (key) CROSS JOIN LATERAL"
            " (SELECT picture_id FROM library_mark WHERE key = asked.key LIMIT :common) AS mark"
        ).bindparams(bindparam("keys", type_=ARRAY(BigInteger))),
        {"keys": list(keys), "common": COMMON},
    )
    for key, picture_id in rows:
        found.setdefault(key, []).append(picture_id)
    return {key: pictures for key, pictures in found.items() if len(pictures) < COMMON}


def _usable(
    db: Database, session: Session, tenant_id: str, ids: Sequence[int]
) -> list[LibraryRecord]:
    now = db.now(session)
    records = []
    for some in _portions(ids):
        query = select(LibraryPicture).where(
            LibraryPicture.id.in_(some),
            LibraryPicture.tenant_id == tenant_id,
            LibraryPicture.never.is_(False),
            LibraryPicture.expires_at.is_(None) | (LibraryPicture.expires_at > now),
        )
        records += [LibraryRecord.of(row) for row in session.scalars(query)]
    return records


def set_never(db: Database, tenant_id: str, picture_id: int, *, never: bool) -> None:
    """Say that a picture must never be used, or may be again.

    Raises:
        NotFoundError: the tenant has none of this id.
    """
    with db.session() as session:
        done = session.execute(
            update(LibraryPicture)
            .where(LibraryPicture.id == picture_id, LibraryPicture.tenant_id == tenant_id)
            .values(never=never)
        )
        if not done.rowcount:  # type: ignore[attr-defined]
            raise NotFoundError(f"The library has no picture {picture_id}.")


def forget_library_of(session: Session, deck_id: str) -> None:
    """Take out all pictures that go with a deck, in the transaction that forgets it."""
    _forget(session, select(LibraryPicture.id).where(LibraryPicture.deck_id == deck_id))


def forget_expired_library(db: Database) -> None:
    """Take out what has expired, a portion in each transaction: each picture has many marks."""
    taken = 1
    while taken:
        with db.session() as session:
            db.lock(session)  # as in `expiry.forget`: two sweeps would block each other
            expired = LibraryPicture.expires_at <= db.now(session)
            query = select(LibraryPicture.id).where(expired).limit(_FORGOTTEN_AT_ONCE)
            taken = _forget(session, query)


def forget_library_pictures(db: Database, tenant_id: str, ids: Collection[int]) -> int:
    """Take pictures out; returns how many of them there were."""
    with db.session() as session:
        return _forget(
            session,
            select(LibraryPicture.id).where(
                LibraryPicture.tenant_id == tenant_id, LibraryPicture.id.in_(ids)
            ),
        )


def _forget(session: Session, ids: Select[int]) -> int:
    """Delete pictures and, before them, their marks."""
    count = 0
    for some in _portions(list(session.scalars(ids))):
        rows = session.scalars(
            select(LibraryPicture)
            .where(LibraryPicture.id.in_(some))
            .options(undefer(LibraryPicture.words))
        )
        marks = [{"a_key": key, "a_picture": row.id} for row in rows for key in _keys_of(row)]
        if marks:
            session.connection().execute(
                delete(LibraryMark.__table__).where(  # type: ignore[arg-type]
                    LibraryMark.key == bindparam("a_key"),
                    LibraryMark.picture_id == bindparam("a_picture"),
                ),
                marks,
            )
        session.execute(delete(LibraryPicture).where(LibraryPicture.id.in_(some)))
        count += len(some)
    return count


def _keys_of(row: LibraryPicture) -> set[int]:
    words = [
        int.from_bytes(row.words[at : at + _WORD_BYTES])
        for at in range(0, len(row.words), _WORD_BYTES)
    ]
    bands = bands_of(row.frame & (1 << 64) - 1)
    return {*_band_keys(row.tenant_id, enumerate(bands)), *_word_keys(row.tenant_id, words)}


def _band_keys(tenant_id: str, bands: Iterable[tuple[int, int]]) -> list[int]:
    prefix = _prefix(tenant_id)
    return [prefix | at << BAND_BITS | number for at, number in bands]


def _word_keys(tenant_id: str, words: Iterable[int]) -> list[int]:
    prefix = _prefix(tenant_id) | 1 << WORD_BITS
    return [prefix | word for word in words]


def _prefix(tenant_id: str) -> int:
    """Return the tenant's bits of a key: 63 bits in all, which both databases hold."""
    digest = int.from_bytes(hashlib.sha256(tenant_id.encode()).digest()[:8])
    return digest >> (64 - _TENANT_BITS) << (WORD_BITS + 1)


def _portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Give items in lists that one statement can take."""
    rest = iter(items)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
