"""Requests to addresses that strangers name: checked, pinned, short, and never redirected.

A name is resolved once, its addresses are checked, and the connection goes to the checked address
itself, so that a name which resolves otherwise a moment later leads nowhere else.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from crispdeck.errors import InvalidRequestError
from crispdeck.words.webhooks import https_words, url_words

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], list[str]]

TIMEOUT_S = 10.0
"""For the whole request. Receivers note what came and answer at once; a guess."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses within IPv6, RFC 6052: a gateway turns them into IPv4 again."""


@dataclass(frozen=True)
class Answered:
    """How a request ended.

    Attributes:
        status: None: there was no answer.
        code: why it counts as failed; None: it was taken.
    """

    status: int | None
    code: str | None
    took_ms: int


def networks_of(text: str) -> tuple[Network, ...]:
    """Read networks such as `10.1.0.0/16 ::1`, by spaces.

    Raises:
        ValueError: one is none.
    """
    return tuple(ipaddress.ip_network(one, strict=False) for one in text.split())


def check_url(url: str, allowed: tuple[Network, ...] = ()) -> SplitResult:
    """Refuse what can never be reached, before it is kept.

    Raises:
        InvalidRequestError: no web address, one with a name and password in it, or http to
            anywhere but the allowed networks.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidRequestError(url_words(), fields={"url": "not an address"}) from error
    is_plain = url.isascii() and url.isprintable() and " " not in url
    has_names = bool(parts.hostname) and not parts.username and not parts.password and port != 0
    if parts.scheme not in {"http", "https"} or not is_plain or not has_names or parts.fragment:
        raise InvalidRequestError(url_words(), fields={"url": "not an address"})
    if parts.scheme == "http" and not allowed:
        raise InvalidRequestError(https_words(), fields={"url": "https only"})
    return parts


def may_reach(address: str, allowed: tuple[Network, ...]) -> bool:
    """Say if an address is of the public internet, or of a network that the settings name."""
    found: Address = ipaddress.ip_address(address.partition("%")[0])
    for inner in (found, *_inner(found)):
        if any(inner in network for network in allowed if network.version == inner.version):
            return True
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved and not one.is_unspecified
        for one in (found, *_inner(found))
    )


def _inner(address: Address) -> list[ipaddress.IPv4Address]:
    """List the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: tuple[Network, ...] = (),
    resolver: Resolver = resolve,
    timeout_s: float = TIMEOUT_S,
) -> Answered:
    """Post to a stranger's address; whatever goes wrong is in the answer."""
    began, status, code = time.monotonic(), None, None
    try:
        parts = check_url(url, allowed)
        connection = _connection(parts, allowed, resolver, timeout_s)
        status = _exchange(connection, parts, body, headers, timeout_s)
    except _NotReachedError as error:
        code = error.code
    except InvalidRequestError:
        code = "address_refused"
    if status is not None and not 200 <= status < 300:
        code = "redirected" if 300 <= status < 400 else "not_taken"
    return Answered(status, code, round((time.monotonic() - began) * 1000))


class _NotReachedError(Exception):
    """There was no answer; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _connection(
    parts: SplitResult, allowed: tuple[Network, ...], resolver: Resolver, timeout_s: float
) -> "_Pinned":
    """Choose an address that may be reached. Raises _NotReachedError."""
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    try:
        addresses = resolver(host, port)
    except (OSError, UnicodeError) as error:
        raise _NotReachedError("name_unknown") from error
    for address in addresses:
        # Without TLS nobody knows who answers: that is for the networks that the settings name.
        is_named = any(_in(address, network) for network in allowed)
        if may_reach(address, allowed) and (is_tls or is_named):
            return _Pinned(address, host, port, is_tls=is_tls, timeout_s=timeout_s)
    raise _NotReachedError("address_refused")


def _exchange(
    connection: "_Pinned",
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
    timeout_s: float,
) -> int:
    """Send, and read no more of the answer than its status. Raises _NotReachedError."""
    # A socket's own timeout begins anew with each byte: this one ends the request as a whole.
    watchdog = threading.Timer(timeout_s, connection.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=dict(headers))
        return connection.getresponse().status
    except ssl.SSLError as error:
        raise _NotReachedError("certificate_refused") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _NotReachedError("no_answer") from error
    finally:
        watchdog.cancel()
        connection.close()


def _in(address: str, network: Network) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    return found.version == network.version and found in network


class _Pinned(http.client.HTTPConnection):
    """Connects to one address, whatever the name leads to; the name is what TLS checks."""

    def __init__(
        self, address: str, host: str, port: int, *, is_tls: bool, timeout_s: float
    ) -> None:
        super().__init__(host, port, timeout=timeout_s)
        self.default_port = 443 if is_tls else 80
        self._address = address
        self._tls = ssl.create_default_context() if is_tls else None

    def connect(self) -> None:
        """Open the connection to the checked address."""
        raw = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = raw
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(raw, server_hostname=self.host)

    def cut(self) -> None:
        """End it from another thread."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
