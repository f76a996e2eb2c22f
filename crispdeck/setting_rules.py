"""What a setting may be: ranges, words and shapes of text; knows no setting.

pydantic-settings would check types and ranges too, but it ignores unknown variables, repeats
secrets in its errors unless each is wrapped, and does not say where a value comes from: all that
would stay ours, and the worker and the command line would load pydantic for the rest.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Protocol


class Rule(Protocol):
    """What a setting may be. `str()` of it says so to people: "a whole number from 1 to 100"."""

    def allows(self, value: object) -> bool:
        """Tell whether a value is one of those allowed."""


@dataclass(frozen=True)
class Between:
    """A number from `low` to `high`, both included; neither NaN nor an infinity is between."""

    low: float
    high: float

    def allows(self, value: object) -> bool:
        """Compare; a comparison with NaN is false."""
        return isinstance(value, int | float) and self.low <= value <= self.high

    def __str__(self) -> str:
        kind = "a whole number" if isinstance(self.low, int) else "a number"
        low, high = (f"{int(end) if end == int(end) else end:,}" for end in (self.low, self.high))
        return f"{kind} from {low} to {high}"


@dataclass(frozen=True)
class OneOf:
    """One of a few words; an empty one is written as `empty`."""

    words: tuple[str, ...]

    def allows(self, value: object) -> bool:
        """Compare letter by letter."""
        return value in self.words

    def __str__(self) -> str:
        named = [word or "empty" for word in self.words]
        return f"{', '.join(named[:-1])} or {named[-1]}"


@dataclass(frozen=True)
class Shaped:
    """A text of one shape, such as a URL; `shape` is how people are told of it."""

    shape: str
    pattern: str
    may_be_empty: bool = True

    def allows(self, value: object) -> bool:
        """Match all of the text."""
        text = str(value)
        return re.fullmatch(self.pattern, text) is not None if text else self.may_be_empty

    def __str__(self) -> str:
        return self.shape + (", or empty" if self.may_be_empty else "")


@dataclass(frozen=True)
class Networks:
    """IP addresses and networks, by spaces; none is allowed too."""

    def allows(self, value: object) -> bool:
        """Read each."""
        try:
            for one in str(value).split():
                ipaddress.ip_network(one, strict=False)
        except ValueError:
            return False
        return True

    def __str__(self) -> str:
        return "networks such as 10.1.0.0/16, by spaces, or empty"


_PORT = r"(?::(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[0-5]?\d{1,4}))?"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|[^\s\[\]/?#@:]+){_PORT}"
_ORIGIN = rf"https?://{_HOST}"
_SERVER = rf"(?:[^\s@]+@)?(?:{_HOST}|{_PORT})"
_QUERY = r"(?:\?\S*)?"

FOLDER = Shaped("a folder", r"(?s:.+)", may_be_empty=False)
OPTIONAL_FOLDER = Shaped("a folder", r"(?s:.+)")
FILE = Shaped("a file", r"(?s:.+)")
ONE_LINE = Shaped("a text on one line", r".+")
NO_SPACES = Shaped("letters, digits and signs without a space", r"[!-~]+")
HOST = Shaped("a host name or an IP address", r"[A-Za-z0-9._:%-]+", may_be_empty=False)
REGION = Shaped("letters, digits and hyphens", r"[A-Za-z0-9-]+", may_be_empty=False)
WEB_URL = Shaped("http:// or https:// and a host", rf"{_ORIGIN}(?:/\S*)?")
WEB_ORIGINS = Shaped(
    "addresses such as https://*.office.com, by spaces", rf"\s*{_ORIGIN}(?:\s+{_ORIGIN})*\s*"
)
"""No path, and no sign that would end the list in a Content-Security-Policy."""
_CLAIM_RULE = r"(?:\*|[^\s=]+=[^\s]+):[^\s:]+"
CLAIM_RULES = Shaped("CLAIM=VALUE:TENANT, by spaces", rf"\s*{_CLAIM_RULE}(?:\s+{_CLAIM_RULE})*\s*")
CONTACT = Shaped(
    "an e-mail address or an address that begins with https://", r"[^\s@/]+@[^\s@/]+|https://\S+"
)
SQL_URL = Shaped(
    "sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME",
    rf"sqlite:///\S.*|postgresql(?:\+psycopg)?://{_SERVER}(?:/\S*)?{_QUERY}",
)
REDIS_URL = Shaped(
    "redis://:PASSWORD@HOST:PORT/NUMBER or rediss://…", rf"rediss?://{_SERVER}(?:/\d*)?{_QUERY}"
)
BUCKET_URL = Shaped("s3://BUCKET or s3://BUCKET/PREFIX", r"s3://[A-Za-z0-9._-]+(?:/\S*)?")

# No upper end promises that a machine bears it: each catches a digit or a unit too many. A lower
# end is the least with which Crispdeck still works.
COUNT = Between(1, 1_000_000)
COUNT_OR_UNLIMITED = Between(0, 1_000_000)
BYTES = Between(1, 2**40)
BYTES_IN_MEMORY = Between(1, 2**31)
"""What is read as a whole: libxml2 and Pillow count its bytes in 32 bits."""
STORED_BYTES = Between(0, 2**60)
"""What a 64-bit column of the records can add up."""
PIXELS = Between(1, 10**9)
"""A picture of so many pixels takes 12 GB as 32-bit floats."""
DAYS = Between(0.001, 36_500.0)
"""From a minute and a half to a hundred years; zero would delete what was just handed in."""
LEASE_SECONDS = Between(1.0, 86_400.0)
"""A lease is renewed several times while it runs; below a second a busy machine comes too late."""
NETWORKS = Networks()
SECONDS = Between(0.1, 86_400.0)
THREADS = Between(1, 10_000)
PROCESSES = Between(1, 64)
