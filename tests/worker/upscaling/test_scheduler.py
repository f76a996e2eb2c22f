"""Decoding, network and encoding run side by side; what goes wrong stays with its picture."""

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from crispdeck.errors import CrispdeckError, ObjectMissingError, StorageError, TimeLimitError
from crispdeck.picture import reading
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.sharpened import Sharpened
from crispdeck.services.upscale import Manner, NotBegunError
from crispdeck.settings import Settings
from tests.small_deck import picture_blob
from worker.upscaling import scheduler as flows
from worker.upscaling.conditioning import Source
from worker.upscaling.daemon_threads import DaemonThreads
from worker.upscaling.pipeline import PixelLimits, sharpen_batch
from worker.upscaling.scheduler import CALLS_AHEAD, Scheduler, call_pictures
from worker.upscaling.upscaler import Upscaled, Upscaler

PLAIN = Manner(0.0, strip=False)
CALL_PICTURES = call_pictures(Settings())


@pytest.fixture(scope="module")
def upscaler() -> Upscaler:
    return Upscaler(Settings(device="cpu", torch_threads=1))


class Watched:
    """A network that something happens in."""

    def __init__(self, upscaler: Upscaler, happens: Callable[[Sequence[Source]], object]) -> None:
        self._upscaler = upscaler
        self._happens = happens
        self.calls: list[int] = []

    def upscale(self, pictures: Sequence[Source], scale: float) -> list[Upscaled]:
        self.calls.append(len(pictures))
        self._happens(pictures)
        return self._upscaler.upscale(pictures, scale)


def soon() -> float:
    return time.monotonic() + 100


def as_blob(_index: int, made: Sharpened) -> bytes:
    return made.blob


def blobs(count: int) -> list[bytes]:
    return [picture_blob(seed, 24) for seed in range(count)]


def loads(pictures: Sequence[bytes]) -> list[Callable[[], bytes]]:
    return [partial(bytes, blob) for blob in pictures]


def test_many_pictures_come_out_as_they_do_one_after_another(upscaler: Upscaler) -> None:
    pictures = blobs(2 * CALL_PICTURES + 3)
    expected = sharpen_batch(pictures, 2, upscaler, PixelLimits(), 0.3)
    flow = Scheduler(Settings(), lambda: upscaler)
    made = dict(
        flow.sharpen(loads(pictures), 2, Manner(0.3, strip=False), then=as_blob, deadline=soon())
    )
    assert [made[index] for index in range(len(pictures))] == [
        one.blob for one in expected if isinstance(one, Sharpened)
    ]


def test_pictures_are_decoded_and_stored_while_the_network_is_at_work(upscaler: Upscaler) -> None:
    stored: list[int] = []
    read: list[int] = []
    begun_with: list[tuple[int, int]] = []

    def load(index: int) -> bytes:
        read.append(index)
        return pictures[index]

    def at_work(_: Sequence[Source]) -> None:
        time.sleep(0.5)  # much longer than to read the next, or to write the last ones
        begun_with.append((len(read), len(stored)))

    pictures = blobs(3 * CALL_PICTURES)
    network = Watched(upscaler, at_work)
    flow = Scheduler(Settings(), lambda: network)
    ways = [partial(load, index) for index in range(len(pictures))]
    then = lambda index, _: stored.append(index)  # noqa: E731
    assert len(list(flow.sharpen(ways, 2, PLAIN, then=then, deadline=soon()))) == len(pictures)
    assert network.calls == [CALL_PICTURES] * 3
    assert begun_with == [
        (2 * CALL_PICTURES, 0),
        (3 * CALL_PICTURES, CALL_PICTURES),
        (3 * CALL_PICTURES, 2 * CALL_PICTURES),
    ]


@pytest.mark.parametrize("most", [2, 5, 8])
def test_the_second_half_of_a_claim_is_decoded_while_the_network_has_the_first(
    upscaler: Upscaler, most: int
) -> None:
    settings = Settings(batch_pictures=most)
    read: list[int] = []
    all_read = threading.Event()
    overlapped: list[bool] = []

    def load(index: int) -> bytes:
        read.append(index)
        if len(read) == most:
            all_read.set()
        return pictures[index]

    pictures = blobs(most)
    # Were the claim one call, all would be read before; were nothing read ahead, only after.
    network = Watched(
        upscaler, lambda part: overlapped.append(len(part) < most and all_read.wait(5))
    )
    flow = Scheduler(settings, lambda: network)
    ways = [partial(load, index) for index in range(most)]
    assert len(list(flow.sharpen(ways, 2, PLAIN, then=as_blob, deadline=soon()))) == most
    assert overlapped == [True, True]


def test_a_slow_store_holds_up_the_network_before_memory_fills(upscaler: Upscaler) -> None:
    gate = threading.Event()
    seen: list[int] = []

    def slow(index: int, _: Sharpened) -> int:
        gate.wait(60)
        return index

    network = Watched(upscaler, lambda _: seen.append(1))
    flow = Scheduler(Settings(), lambda: network)
    pictures = blobs(6 * CALL_PICTURES)
    ends = flow.sharpen(loads(pictures), 2, PLAIN, then=slow, deadline=soon())
    threading.Timer(2.0, gate.set).start()
    next(ends)
    # What waits to be stored, and the call whose results wait for room.
    assert len(seen) <= CALLS_AHEAD + 1
    assert len(list(ends)) == len(pictures) - 1


def test_a_picture_that_cannot_be_read_or_stored_is_its_own_error(upscaler: Upscaler) -> None:
    def gone() -> bytes:
        raise ObjectMissingError("gone")

    def store(index: int, made: Sharpened) -> bytes:
        if index == 2:
            raise StorageError("full")
        if index == 3:
            raise ZeroDivisionError
        return made.blob

    ways = loads(blobs(6))
    ways[1] = gone
    ways[4] = partial(bytes, b"no picture")
    flow = Scheduler(Settings(), lambda: upscaler)
    ends = dict(flow.sharpen(ways, 2, PLAIN, then=store, deadline=soon()))
    codes = [end.code if isinstance(end, CrispdeckError) else "" for _, end in sorted(ends.items())]
    assert codes == [
        "",
        "object_missing",
        "storage_unavailable",
        "internal_error",
        "picture_unreadable",
        "",
    ]


def test_a_decoder_that_hangs_costs_its_own_picture_alone(
    upscaler: Upscaler, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = blobs(5)
    reads = reading._READERS[PictureFormat.PNG]
    upscaler.warm()

    def hangs(blob: bytes, *given: object) -> object:
        if blob == pictures[1]:
            time.sleep(20)
        return reads(blob, *given)  # type: ignore[arg-type]

    monkeypatch.setitem(reading._READERS, PictureFormat.PNG, hangs)
    flow = Scheduler(Settings(picture_seconds=2.0), lambda: upscaler, DaemonThreads(2))
    began = time.monotonic()
    ends = dict(flow.sharpen(loads(pictures), 2, PLAIN, then=as_blob, deadline=soon()))
    assert time.monotonic() - began < 15
    assert [isinstance(ends[index], TimeLimitError) for index in range(5)] == [
        index == 1 for index in range(5)
    ]


def test_an_encoder_that_hangs_is_told_and_a_store_that_takes_long_is_not(
    upscaler: Upscaler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: int, made: Sharpened) -> bytes:
        time.sleep(1.5)
        return made.blob

    flow = Scheduler(Settings(picture_seconds=1.0), lambda: upscaler, DaemonThreads(2))
    upscaler.warm()
    ((_, stored),) = flow.sharpen(loads(blobs(1)), 2, PLAIN, then=slow, deadline=soon())
    assert isinstance(stored, bytes)
    monkeypatch.setattr(flows, "write", lambda *_, **__: time.sleep(10))
    ((_, told),) = flow.sharpen(loads(blobs(1)), 2, PLAIN, then=slow, deadline=soon())
    assert isinstance(told, TimeLimitError)


def test_what_there_is_no_time_for_is_not_begun(upscaler: Upscaler) -> None:
    network = Watched(upscaler, len)
    flow = Scheduler(Settings(), lambda: network)
    ends = list(flow.sharpen(loads(blobs(2)), 2, PLAIN, then=as_blob, deadline=time.monotonic()))
    assert [type(end) for _, end in ends] == [NotBegunError, NotBegunError]
    assert network.calls == []


def test_whoever_stops_asking_leaves_nothing_to_be_stored(upscaler: Upscaler) -> None:
    stored: list[int] = []

    def slow(index: int, _: Sharpened) -> None:
        time.sleep(0.2)
        stored.append(index)

    flow = Scheduler(Settings(), lambda: upscaler, DaemonThreads(1))
    ends = flow.sharpen(loads(blobs(CALL_PICTURES)), 2, PLAIN, then=slow, deadline=soon())
    next(ends)
    ends.close()  # type: ignore[attr-defined]
    time.sleep(1.0)
    assert len(stored) <= 2


class Stopwatched:
    """A network that takes a certain time and makes nothing of note."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.calls = 0

    def upscale(
        self,
        pictures: Sequence[Source],  # noqa: ARG002 - of the interface
        scale: float,  # noqa: ARG002 - of the interface
    ) -> list[Upscaled]:
        self.calls += 1
        deadline = time.monotonic() + self.seconds
        while time.monotonic() < deadline:
            time.sleep(0.01)
        raise ZeroDivisionError


def test_what_surely_takes_too_long_is_refused_at_once_with_what_to_do() -> None:
    network = Stopwatched(60.0)
    flow = Scheduler(Settings(picture_seconds=1.0), lambda: network)
    pictures = [picture_blob(seed, 520) for seed in (1, 2)]
    ends = [
        next(iter(flow.sharpen(loads([one]), 2, PLAIN, then=as_blob, deadline=soon())))[1]
        for one in pictures
    ]
    assert [getattr(end, "code", "") for end in ends] == ["time_limit", "too_slow_here"]
    assert "CRISPDECK_PICTURE_SECONDS" in str(ends[1])
    assert network.calls == 1
    small = flow.sharpen(loads(blobs(1)), 2, PLAIN, then=as_blob, deadline=soon())
    next(iter(small))
    assert network.calls == 2, "small pictures are tried"
