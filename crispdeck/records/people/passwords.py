"""Passwords of operators: which will do, and their slow hashes, few at a time; no tables."""

import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crispdeck.errors import InvalidRequestError, LimitReachedError

SHORTEST_PASSWORD = 12
"""NIST SP 800-63B-4, 3.1.1.2, asks for 15 where a password is all, and for no other rule than a
list of common ones; ours come from `new_password` unless somebody insists on an own one."""
LONGEST_PASSWORD = 200
"""Characters, so that hashing costs no more than it should; NIST asks for at least 64."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""

HASHER = PasswordHasher()  # Argon2id with the parameters of RFC 9106, section 4, second choice

HASHES_AT_ONCE = 2
"""Each takes 64 MiB and, on the four lanes it is given, a tenth of a second."""
HASH_PATIENCE_S = 10.0
"""For a place among those that hash; a log-in that waits longer is refused. A guess."""
_places = threading.BoundedSemaphore(HASHES_AT_ONCE)

FEWEST_SIGNS = 6
"""Different characters: what is drawn at random from 31 letters has ten or more of twelve."""
LEAST_OF_OWN = 6
"""Characters that must be left without the words and rows of keys that everybody thinks of."""
ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm"),
    *("qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn"),
)
COMMON = (
    *("administrator", "admin", "password", "passwort", "passw0rd", "motdepasse", "contrasena"),
    *(
        "welcome",
        "willkommen",
        "letmein",
        "changeme",
        "iloveyou",
        "trustno1",
        "football",
        "baseball",
    ),
    *(
        "monkey",
        "dragon",
        "sunshine",
        "princess",
        "superman",
        "batman",
        "master",
        "shadow",
        "login",
    ),
    *("secret", "geheim", "hello", "hallo", "test", "user", "root", "default", "guest", "summer"),
    *("winter", "spring", "autumn", "sommer", "herbst", "correcthorsebatterystaple", "crispdeck"),
    *("powerpoint", "whatever", "starwars", "computer", "internet", "samsung", "google", "apple"),
    *("monday", "january", "company", "server", "charlie", "michael", "jennifer", "liverpool"),
)
"""Of the long passwords in lists of broken ones, what they are made of besides years and rows."""
_LEET = str.maketrans("@4301$5!7", "aaeoissit")


def new_password() -> str:
    """Make a password of 99 random bits that can be read aloud."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def check_choice(password: str, name: str) -> None:
    """Refuse a password that is too short, too long, or among the first that anybody would try.

    Raises:
        InvalidRequestError: it will not do, and why.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidRequestError(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
            fields={"password": f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"},
        )
    if _is_common(password.casefold(), name.casefold()):
        raise InvalidRequestError(
            "This password is among the first that anybody would try. Choose one that is drawn by"
            " chance, or leave the field empty for one that is made.",
            fields={"password": "too common"},
        )


def _is_common(password: str, name: str) -> bool:
    if len(set(password)) < FEWEST_SIGNS or _is_repeated(password):
        return True
    return min(len(_own(text, name)) for text in (password, password.translate(_LEET))) < (
        LEAST_OF_OWN
    )


def _is_repeated(password: str) -> bool:
    """Tell whether a piece of up to half its length comes again and again."""
    return re.fullmatch(r"(.+?)\1+.{0,3}", password, re.DOTALL) is not None


def _own(password: str, name: str) -> str:
    """Take away what everybody thinks of: the name, common words, rows of keys, years, signs."""
    for word in sorted((*COMMON, *([name] if len(name) > 2 else [])), key=len, reverse=True):
        password = password.replace(word, " ")
    for row in ROWS:
        for line in (row, row[::-1]):
            password = _without_pieces(password, line)
    return re.sub(r"(19|20)\d\d|\W|_", "", password)


def _without_pieces(password: str, line: str) -> str:
    """Take away each run of four or more that stands in a row of keys."""
    found, at = "", 0
    while at < len(password):
        end = at + 4
        while end <= len(password) and password[at:end] in line:
            end += 1
        if end > at + 4:
            at = end - 1
        else:
            found += password[at]
            at += 1
    return found


def hashed(password: str) -> str:
    """Return the hash of a password. Raises LimitReachedError where too many are under way."""
    with _one_of_few():
        return HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Compare a password with a hash; without one it takes as long, and does not fit.

    Raises:
        LimitReachedError: too many passwords are being compared.
    """
    known = stored if stored is not None else _hash_of_nothing()
    with _one_of_few():
        try:
            HASHER.verify(known, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


@cache
def _hash_of_nothing() -> str:
    return HASHER.hash(secrets.token_hex())


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _places.acquire(timeout=HASH_PATIENCE_S):
        raise LimitReachedError("Too many log-ins at once. Try again soon.", retry_after_s=5)
    try:
        yield
    finally:
        _places.release()
