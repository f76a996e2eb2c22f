"""The whole attack set against a web server of its own: `python -m tests.attacks`.

Names of attacks as arguments choose those alone (`python -m tests.attacks everybody_waits`).

Prints for each attack what was answered and how long it took, then the largest memory of the server
and its confined processes, the longest answer, and how long the probe of life took meanwhile.
"""

import contextlib
import http.client
import io
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from crispdeck.records.database import Database
from crispdeck.records.people.keys import Scope, create_tenant, issue_key
from crispdeck.records.people.operators import create_operator
from crispdeck.records.roles import Role
from crispdeck.settings import Settings
from tests.hostile_decks import (
    PICTURE,
    REFUSED,
    SLIDE,
    TAKEN,
    deep_png,
    layout_chain,
    many_scans_jpeg,
    sound_deck,
    with_part,
)
from tests.small_deck import deck_of, picture_blob

TENANTS = 4
EDGE = b"--edge-of-the-form"


@dataclass(frozen=True)
class Answer:
    status: int
    code: str
    seconds: float
    body: bytes = b""


@dataclass
class Watched:
    """What was seen of the server while it was attacked."""

    answers: list[tuple[str, Answer]] = field(default_factory=list)
    largest_server_bytes: int = 0
    largest_sum_bytes: int = 0
    probes_s: list[float] = field(default_factory=list)

    @property
    def longest(self) -> tuple[str, Answer]:
        return max(self.answers, key=lambda one: one[1].seconds)

    def percentile_s(self, share: float) -> float:
        return sorted(self.probes_s)[int(share * (len(self.probes_s) - 1))]


class Target:
    """A running web server, its keys, and what it answers."""

    def __init__(self, port: int, process_id: int, keys: list[str]) -> None:
        self.port = port
        self.process_id = process_id
        self.keys = keys
        self.seen = Watched()

    def ask(
        self,
        attack: str,
        method: str,
        path: str,
        *,
        key: str | None = "",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask, and note the answer; `key` None: without one, empty: the first."""
        sent = dict(headers or {})
        if key is not None:
            sent["Authorization"] = f"Bearer {key or self.keys[0]}"
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        with contextlib.closing(connection):
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            blob = answer.read()
        code = ""
        if "problem+json" in (answer.getheader("Content-Type") or ""):
            code = str(json.loads(blob)["code"])
        found = Answer(answer.status, code, time.monotonic() - begun, blob)
        self.seen.answers.append((attack, found))
        return found

    def send_deck(self, attack: str, blob: bytes, key: str = "") -> Answer:
        head = b'\r\nContent-Disposition: form-data; name="deck"; filename="a.pptx"\r\n\r\n'
        body = EDGE + head + blob + b"\r\n" + EDGE + b"--\r\n"
        kind = {"Content-Type": f"multipart/form-data; boundary={EDGE[2:].decode()}"}
        return self.ask(attack, "POST", "/api/v1/decks", key=key, body=body, headers=kind)

    def look_at(self, attack: str, deck: Answer, key: str = "") -> None:
        """Ask for all that shows the first picture and slide of a deck that was taken."""
        if deck.status == 201:
            deck_id = json.loads(deck.body)["id"]
            for what in ("thumbnails/1", "slides/1", "pictures/1"):
                self.ask(f"{attack}: {what}", "GET", f"/api/v1/decks/{deck_id}/{what}", key=key)


def hostile_decks(target: Target) -> None:
    for name, (make, _code) in REFUSED.items():
        target.send_deck(f"deck: {name}", make())
    for name, take in TAKEN.items():
        target.look_at(f"deck: {name}", target.send_deck(f"deck: {name}", take()))
    target.send_deck("deck: slide1.bin of 460 MB", _huge_slide(460))
    target.look_at(
        "deck: JPEG of 40,000 scans",
        target.send_deck("deck: JPEG of 40,000 scans", with_part(PICTURE, many_scans_jpeg(40_000))),
    )
    _by_parts(target, "deck in parts: layouts without end", layout_chain(1_200))


def pictures_that_fill_the_memory(target: Target) -> None:
    """A clear PNG of 62 megapixels of 16 bits: 500 MB of samples in 29 kB of deck."""
    deck = with_part(PICTURE, deep_png(7_900))
    sent = target.send_deck("62 Mpx of 16 bits", deck)
    target.look_at("62 Mpx of 16 bits", sent)

    def again(number: int) -> None:
        # Another picture each time, or the kept one would be given.
        key = target.keys[number % len(target.keys)]
        blob = with_part(PICTURE, deep_png(7_800 + number))
        name = "62 Mpx of 16 bits, eight at once"
        target.look_at(name, target.send_deck(name, blob, key), key)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(again, range(8)))
    sent = target.send_deck("60 pictures of 62 Mpx on a slide", _crowded_slide(60, 7_900))
    target.look_at("60 pictures of 62 Mpx on a slide", sent)


def large_decks_at_once(target: Target) -> None:
    with zipfile.ZipFile(io.BytesIO(sound_deck())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, blob in parts.items():
            archive.writestr(name, blob)
        archive.writestr("ppt/media/film.mp4", os.urandom(60 << 20))
    blob = out.getvalue()
    with ThreadPoolExecutor(8) as threads:
        keys = [target.keys[number % len(target.keys)] for number in range(8)]
        list(threads.map(lambda key: target.send_deck("8 decks of 60 MB at once", blob, key), keys))


def requests_that_break_parsers(target: Target) -> None:
    kind = {"Content-Type": "application/json"}
    deep = b"[" * 100_000 + b"]" * 100_000
    exchange = "/api/v1/pairings/exchange"
    target.ask("deep JSON without a key", "POST", exchange, key=None, body=deep, headers=kind)
    deck_id = json.loads(target.send_deck("a sound deck", sound_deck()).body)["id"]
    jobs = f"/api/v1/decks/{deck_id}/jobs"
    half = rb'{"pictures":["\ud800"]}'
    target.ask("half a character", "POST", jobs, body=half, headers=kind)
    target.ask("a line break in next", "GET", "/admin/login?next=/admin/%0d%0aX:y", key=None)


def everybody_waits(target: Target) -> None:
    """Half-open connections, slow bodies, long polls and streams, all at once."""
    opened = [_connected(target, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") for _ in range(300)]
    head = (
        f"POST /api/v1/decks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {target.keys[0]}\r\n"
        "Content-Type: multipart/form-data; boundary=e\r\nContent-Length: 9000000\r\n\r\n--e"
    )
    opened += [_connected(target, head.encode()) for _ in range(100)]
    other = target.keys[1]
    name = "a neighbour while 400 connections wait"
    deck_id = json.loads(target.send_deck(name, sound_deck(), other).body)["id"]
    kind = {"Content-Type": "application/json"}
    path = f"/api/v1/decks/{deck_id}/jobs"
    made = target.ask(name, "POST", path, key=other, body=b"{}", headers=kind)
    job = json.loads(made.body)["id"]
    for path in (f"/api/v1/jobs/{job}/events?after=1000000&wait=25", f"/api/v1/jobs/{job}/stream"):
        asking = (
            f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {other}\r\n\r\n"
        ).encode()
        opened += [_connected(target, asking) for _ in range(100)]
        time.sleep(3)
        target.ask("one more than a tenant may wait for", "GET", path, key=other)
    for path in ("/readyz", "/metrics", "/api/v1/whoami"):
        for _ in range(20):
            target.ask(f"{path} while 600 connections wait", "GET", path, key=target.keys[2])
    for one in opened:
        one.close()


def wrong_passwords(target: Target) -> None:
    form = target.ask("the log-in form", "GET", "/admin/login", key=None)
    secret = re.search(rb'name="csrf" value="([^"]+)"', form.body)
    assert secret is not None
    token = secret[1].decode()
    kind = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"crispdeck_door={token}",
    }

    def guess(number: int) -> None:
        body = f"csrf={token}&name=anna&password=wrong+{number}".encode()
        target.ask(
            "60 wrong passwords at once", "POST", "/admin/login", key=None, body=body, headers=kind
        )

    with ThreadPoolExecutor(60) as threads:
        list(threads.map(guess, range(60)))


ATTACKS: tuple[Callable[[Target], None], ...] = (
    hostile_decks,
    pictures_that_fill_the_memory,
    large_decks_at_once,
    requests_that_break_parsers,
    wrong_passwords,
    everybody_waits,
)


def attack(attacks: Sequence[Callable[[Target], None]] = ATTACKS) -> Watched:
    """Start a server, attack it, and return what was seen."""
    with _server() as target:
        stop = threading.Event()
        watchers = [
            threading.Thread(target=watch, args=(target, stop)) for watch in (_weigh, _probe)
        ]
        for thread in watchers:
            thread.start()
        try:
            for one in attacks:
                one(target)
        finally:
            stop.set()
            for thread in watchers:
                thread.join()
        return target.seen


def _connected(target: Target, sent: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", target.port), timeout=30)
    made.sendall(sent)
    return made


def _huge_slide(megabytes: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(sound_deck())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, blob in parts.items():
            if name != SLIDE:
                renamed = name.replace("slide1.xml.rels", "slide1.bin.rels")
                archive.writestr(renamed, blob.replace(b"slides/slide1.xml", b"slides/slide1.bin"))
        with archive.open("ppt/slides/slide1.bin", "w") as slide:
            head, rest = parts[SLIDE].split(b"<p:cSld>", 1)
            slide.write(head + b"<p:cSld>")
            # Noise between the blanks, so that no ratio gives it away.
            line = b"<!--" + zlib.compress(os.urandom(64)).hex().encode() + b"-->" + b" " * 4000
            for _ in range(megabytes * 250):
                slide.write(line)
            slide.write(rest)
    return out.getvalue()


def _crowded_slide(pictures: int, side_px: int) -> bytes:
    """One slide with many large pictures that differ in one byte each."""
    blobs = [picture_blob(seed, 40) for seed in range(pictures)]
    deck = deck_of(blobs)
    flood = deep_png(side_px)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deck)) as old, zipfile.ZipFile(out, "w") as new:
        for number, entry in enumerate(old.infolist()):
            if entry.filename.startswith("ppt/media/"):
                text = struct.pack(">I", 8) + b"tEXtname\0%03d" % (number % 1000)
                chunk = text + struct.pack(">I", zlib.crc32(text[4:]))
                # Stored: packed once more, its ratio would give it away.
                new.writestr(entry, flood[:-12] + chunk + flood[-12:], zipfile.ZIP_STORED)
            else:
                new.writestr(entry, old.read(entry))
    return out.getvalue()


def _by_parts(target: Target, name: str, blob: bytes) -> None:
    tus = {"Tus-Resumable": "1.0.0"}
    made = target.ask(
        name, "POST", "/api/v1/uploads", headers=tus | {"Upload-Length": str(len(blob))}
    )
    upload_id = json.loads(made.body)["id"]
    sent = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    target.ask(name, "PATCH", f"/api/v1/uploads/{upload_id}", body=blob, headers=tus | sent)
    ended = target.ask(name, "GET", f"/api/v1/uploads/{upload_id}", headers=tus)
    target.seen.answers.append((f"{name}: {json.loads(ended.body)['state']}", ended))


@contextlib.contextmanager
def _server() -> Iterator[Target]:
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        settings = Settings(data_dir=Path(folder), requests_per_minute=0, log_level="ERROR")
        db = Database(settings.effective_database_url)
        db.migrate()
        tenants = [create_tenant(db, f"tenant {number}") for number in range(TENANTS)]
        keys = [issue_key(db, tenant_id, Scope, "attacks").key for tenant_id in tenants]
        create_operator(db, "anna", Role.VIEWER)
        db.dispose()
        process = subprocess.Popen(
            [sys.executable, "-m", "web.serving", "--bind", f"fd://{listener.fileno()}"],
            env=settings.to_child_env() | {"MALLOC_ARENA_MAX": "2"},
            pass_fds=(listener.fileno(),),
        )
        target = Target(listener.getsockname()[1], process.pid, keys)
        try:
            target.ask("the first request", "GET", "/healthz", key=None)
            yield target
        finally:
            process.terminate()
            process.wait(timeout=60)


def _weigh(target: Target, stop: threading.Event) -> None:
    """Look every tenth of a second how much memory the server and its processes hold."""
    while not stop.wait(0.1):
        held = [_held_bytes(process_id) for process_id in _family(target.process_id)]
        seen = target.seen
        seen.largest_sum_bytes = max(seen.largest_sum_bytes, sum(pss for _rss, pss in held))
        seen.largest_server_bytes = max([seen.largest_server_bytes, *(rss for rss, _pss in held)])


def _family(process_id: int) -> list[int]:
    found = [process_id]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process_id}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _family(int(child))
    return found


def _held_bytes(process_id: int) -> tuple[int, int]:
    """Return resident bytes, and those with what is shared counted by its share (proc(5))."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
        rss, pss = (
            next(int(line.split()[1]) for line in lines if line.startswith(name))
            for name in ("Rss:", "Pss:")
        )
        return rss << 10, pss << 10
    return 0, 0


def _probe(target: Target, stop: threading.Event) -> None:
    while not stop.wait(0.1):
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        target.seen.probes_s.append(time.monotonic() - begun)


def main() -> None:
    """Attack, and tell."""
    chosen = set(sys.argv[1:])
    seen = attack([one for one in ATTACKS if not chosen or one.__name__ in chosen])
    longest: dict[str, float] = {}
    codes: dict[str, Counter[str]] = {}
    for name, answer in seen.answers:
        longest[name] = max(longest.get(name, 0.0), answer.seconds)
        codes.setdefault(name, Counter())[f"{answer.status} {answer.code}".strip()] += 1
    for name, seconds in longest.items():
        told = ", ".join(f"{code} ×{n}" if n > 1 else code for code, n in codes[name].items())
        sys.stdout.write(f"{name:58} {seconds:7.2f} s  {told}\n")
    name, answer = seen.longest
    sys.stdout.write(
        f"\nlargest process            {seen.largest_server_bytes / 2**20:7.0f} MiB resident\n"
        f"server and its processes   {seen.largest_sum_bytes / 2**20:7.0f} MiB\n"
        f"longest answer             {answer.seconds:7.2f} s ({name})\n"
        f"/healthz meanwhile         {seen.percentile_s(0.5) * 1000:7.0f} ms p50, "
        f"{seen.percentile_s(0.99) * 1000:.0f} ms p99 of {len(seen.probes_s)}\n"
    )


if __name__ == "__main__":
    main()
