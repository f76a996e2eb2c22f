"""A client of the API in one file, with nothing but Python's own library: copy it if you like.

    from crispdeck.client import Crispdeck

    crispdeck = Crispdeck("http://127.0.0.1:8000", "cd_…")
    done = crispdeck.enhance(Path("talk.pptx"), Path("talk.crisp.pptx"))
    print(done.changed, "pictures are sharp now")

Every call raises `CrispdeckProblem` where the server refuses, with the code that
docs/api.md tells to branch on. What is only too often is tried again after the time that the
server names.
"""

import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

TIMEOUT_S = 60.0
"""Without a byte: longer than the server lets an answer wait (25 s), and than a scan takes."""
MOST_TRIES = 6
"""At what comes too often; as the page does."""
POLL_S = 20
"""How long the server holds an answer until there is something new; at most 25."""


class CrispdeckProblem(Exception):  # noqa: N818 - the API's own word (RFC 9457)
    """What the server refuses, in its words.

    Attributes:
        code: stable; branch on it.
        status: of HTTP.
        retryable: the same call may succeed later.
    """

    def __init__(self, members: Mapping[str, Any], status: int, retry_after_s: float = 0) -> None:
        super().__init__(str(members.get("detail") or members.get("title") or f"HTTP {status}"))
        self.code = str(members.get("code", ""))
        self.status = status
        self.retryable = bool(members.get("retryable"))
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Enhanced:
    """What became of a deck.

    Attributes:
        changed: pictures that are sharp in the new deck; 0: nothing was blurred, none was written.
        failed: pictures that stayed as they were since something went wrong.
    """

    deck_id: str
    job_id: str
    changed: int
    failed: int


class Crispdeck:
    """One server and one key.

    Args:
        url: of the server, such as http://127.0.0.1:8000.
        key: an API key with the scope `decks`.
    """

    def __init__(self, url: str, key: str, *, timeout_s: float = TIMEOUT_S) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("The address begins with http:// or https://.")
        self._base = url.rstrip("/") + "/api/v1"
        self._key = key
        self._timeout_s = timeout_s

    def enhance(
        self,
        source: Path,
        target: Path,
        *,
        report: Path | None = None,
        options: Mapping[str, Any] | None = None,
        delete: bool = True,
    ) -> Enhanced:
        """Send a deck, wait until it is done, and write the sharp one; it appears whole.

        Args:
            report: where before and after go; its suffix says how (.html, .pptx, .json).
            options: of `POST /decks/{id}/jobs`, such as {"target_ppi": 150}.
            delete: delete the deck on the server afterwards.

        Raises:
            CrispdeckProblem: the deck is refused, or the job ended badly.
            OSError: a file cannot be read or written, or the server does not answer.
        """
        deck = self.send_deck(source)
        try:
            job = self.wait(self.start(deck["id"], options)["id"])
            if job["state"] != "done":
                raise CrispdeckProblem({"code": job["code"], "detail": job["detail"]}, 200)
            changed = len((job["summary"] or {}).get("pictures", ()))
            if changed:
                self.save(f"/decks/{deck['id']}/enhanced", target)
                if report is not None:
                    kind = urlencode({"format": report.suffix.lstrip(".").lower()})
                    self.save(f"/decks/{deck['id']}/report?{kind}", report)
            return Enhanced(deck["id"], job["id"], changed, job["counts"]["failed"])
        finally:
            if delete:
                self.call("DELETE", f"/decks/{deck['id']}")

    def send_deck(self, source: Path) -> dict[str, Any]:
        """Hand in a deck; returns it with its scan."""
        mark = uuid4().hex
        name = quote(source.name, safe=" .()-_")
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="deck"; filename="{name}";'
            f" filename*=UTF-8''{quote(source.name)}\r\n"
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body = head + source.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        return self._json("POST", "/decks", body, {"Content-Type": kind})

    def start(self, deck_id: str, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask for the blurred pictures of a deck; safe to repeat within this call."""
        more = {"Idempotency-Key": uuid4().hex}
        return self._json("POST", f"/decks/{deck_id}/jobs", dict(options or {}), more)

    def wait(self, job_id: str, *, seconds: float = 86_400.0) -> dict[str, Any]:
        """Wait until a job has ended and return it.

        Raises:
            TimeoutError: it has not ended in so many seconds.
        """
        end_s, after = time.monotonic() + seconds, 0
        while True:
            query = urlencode({"after": after, "wait": POLL_S})
            page = self._json("GET", f"/jobs/{job_id}/events?{query}")
            if page["ended"]:
                return self._json("GET", f"/jobs/{job_id}")
            after = page["next_after"]
            if time.monotonic() > end_s:
                raise TimeoutError(f"The job {job_id} has not ended in {seconds:g} s.")

    def save(self, path: str, target: Path) -> None:
        """Write what the server gives to a file that appears whole."""
        with self._open("GET", path, None, {}) as answer:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.{uuid4().hex}.part")
            try:
                with part.open("wb") as file:
                    shutil.copyfileobj(answer, file)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call any operation below /api/v1 and return its JSON; None where there is none."""
        with self._open(method, path, body, {}) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def _json(
        self, method: str, path: str, body: Any = None, more: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        with self._open(method, path, body, more or {}) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def _open(self, method: str, path: str, body: Any, more: Mapping[str, str]) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {self._key}", **more}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        tries = 0
        while True:
            request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
                self._base + path, body, headers, method=method
            )
            tries += 1
            try:
                opened: HTTPResponse = urllib.request.urlopen(  # noqa: S310
                    request, timeout=self._timeout_s
                )
            except urllib.error.HTTPError as error:
                problem = _problem(error)
                is_busy = problem.status == 429 and 0 < problem.retry_after_s <= 60
                if not is_busy or tries >= MOST_TRIES:
                    raise problem from None
                time.sleep(problem.retry_after_s)
            else:
                return opened


def _problem(error: urllib.error.HTTPError) -> CrispdeckProblem:
    with error:
        try:
            members = json.load(error)
        except ValueError:
            members = {}
    retry_after = error.headers.get("Retry-After", "")
    seconds = float(retry_after) if retry_after.isdigit() else 0.0
    return CrispdeckProblem(members if isinstance(members, dict) else {}, error.code, seconds)
