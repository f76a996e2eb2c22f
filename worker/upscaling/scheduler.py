"""Pictures on their way through a worker: decoded, enlarged and encoded side by side; no rows.

The network has the thread that asks. Others read, decode and look at pictures before it, encode and
store them behind it, so that neither waits for the other; neither gets far ahead.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from crispdeck.errors import CrispdeckError, TimeLimitError, TooSlowHereError
from crispdeck.picture.sharpened import Sharpened
from crispdeck.services.upscale import Manner, NotBegunError
from crispdeck.settings import Settings
from worker.networks.registry import labels
from worker.upscaling.budget import TimeIsUp, budget
from worker.upscaling.daemon_threads import DaemonThreads
from worker.upscaling.inputs import CELLS
from worker.upscaling.pipeline import (
    LargePicture,
    Network,
    OpenPicture,
    PixelLimits,
    enlarge,
    open_picture,
    variant,
    write,
)
from worker.upscaling.speed import Speed

logger = logging.getLogger(__name__)

T = TypeVar("T")
Load = Callable[[], bytes]

CALLS_PER_CLAIM = 2
"""A claim's pictures go through the network in so many calls, so that those of the next are decoded
and those of the last encoded meanwhile. More calls are smaller ones, which fill a GPU less."""

CALLS_AHEAD = 2
"""The pictures of so many calls at most are decoded and not yet enlarged, and of as many enlarged
and not yet encoded: what a slow store or encoder lets pile up is memory."""

LOOK_S = 0.5
"""How often one looks whether an encoder has taken too long."""


def call_pictures(settings: Settings) -> int:
    """Return how many pictures of a full claim go into one call of the network."""
    return -(-settings.batch_pictures // CALLS_PER_CLAIM)


class Scheduler:
    """Makes pictures sharp for `crispdeck.services.upscale`; one call at a time.

    Args:
        settings: limits, and the time for each picture.
        network: gives the network; asked only when it is needed, since loading it takes a while.
        helpers: the threads beside the network's.
    """

    def __init__(
        self,
        settings: Settings,
        network: Callable[[], Network],
        helpers: DaemonThreads | None = None,
    ) -> None:
        self._limits = PixelLimits.of(settings)
        self._allowed_s = settings.picture_seconds
        self._network = network
        self._helpers = helpers or DaemonThreads()
        self._call = call_pictures(settings)
        self._speed = Speed()

    @property
    def has_stuck(self) -> bool:
        """True while a decoder or encoder that took too long is still at it."""
        return self._helpers.has_stuck

    @property
    def networks(self) -> frozenset[str]:
        """Name all that may be chosen: what was enlarged before grows by other factors."""
        return labels() | {CELLS}

    def variant(self, manner: Manner) -> str:
        """Name all that a result depends on besides picture, network and scale."""
        return variant(manner.crispness, strip=manner.strip)

    def sharpen(
        self,
        loads: Sequence[Load],
        scale: float,
        manner: Manner,
        *,
        then: Callable[[int, Sharpened], T],
        deadline: float,
    ) -> Iterator[tuple[int, T | CrispdeckError]]:
        """Make each picture sharp and hand it on; see crispdeck.services.upscale.Sharpener."""
        run = _Run(loads, scale, manner, self._limits, self._helpers, ahead=self._call)
        writing: deque[_Writing[T]] = deque()
        most = CALLS_AHEAD * self._call
        try:
            for start in range(0, len(loads), self._call):
                part = range(start, min(start + self._call, len(loads)))
                for index, made in self._enlarged(run, part, deadline):
                    writing.append(_Writing(run, index, made, then))
                    while len(writing) > most or (writing and writing[0].is_done):
                        done = self._end(writing.popleft())
                        yield done
            while writing:
                last = self._end(writing.popleft())
                yield last
        finally:  # whoever asked wants no more
            run.cancel()
            for each in writing:
                each.cancel()

    def _enlarged(
        self, run: "_Run", part: Sequence[int], deadline: float
    ) -> list[tuple[int, LargePicture | CrispdeckError]]:
        """Enlarge in one call; a failure that nobody foresaw costs the neighbours nothing."""
        made = self._enlarged_together(run, part, deadline)
        if made is not None:
            return list(zip(part, made, strict=True))
        return [one for index in part for one in self._enlarged(run, [index], deadline)]

    def _enlarged_together(
        self, run: "_Run", part: Sequence[int], deadline: float
    ) -> Sequence[LargePicture | CrispdeckError] | None:
        """Enlarge in one call; None where one of several has failed, nobody knows which."""
        left_s = deadline - time.monotonic()
        reason: CrispdeckError = NotBegunError(
            "The pictures before it in its group took all the time there was."
        )
        if left_s < 1:
            return [reason] * len(part)
        items: Sequence[OpenPicture | CrispdeckError] = ()
        try:
            with budget(min(self._allowed_s, left_s)):
                items = [self._unless_too_slow(each) for each in run.opened(part)]
                return self._timed(items, run.manner.crispness)
        except TimeIsUp:
            self._helpers.leave_behind()  # one of them may be what takes so long
            run.forget()
            if left_s >= self._allowed_s:
                reason = _too_long(self._allowed_s)
                if (alone := _alone(items)) is not None:
                    self._speed.note_late(alone.view.factor, _px(alone))
        except CrispdeckError as error:  # the network could not be loaded: all share this reason
            return [error] * len(part)
        except Exception as error:
            logger.exception("upscaling failed for %s of a claim's pictures", len(part))
            reason = _broken_off(error)
        return [reason] if len(part) == 1 else None

    def _unless_too_slow(self, item: OpenPicture | CrispdeckError) -> OpenPicture | CrispdeckError:
        """Refuse what is known to take longer than it may."""
        if isinstance(item, CrispdeckError) or item.view.cells is not None:
            return item
        seconds = self._speed.seconds(item.view.factor, _px(item), self._allowed_s)
        return item if seconds is None else _too_slow(_px(item), seconds, self._allowed_s)

    def _timed(
        self, items: Sequence[OpenPicture | CrispdeckError], crispness: float
    ) -> Sequence[LargePicture | CrispdeckError]:
        """Enlarge, and learn from a picture that is alone how long one takes."""
        network, began = self._network(), time.monotonic()
        made = enlarge(items, network, crispness)
        if (alone := _alone(items)) is not None and isinstance(made[0], LargePicture):
            self._speed.note(alone.view.factor, _px(alone), time.monotonic() - began)
        return made

    def _end(self, writing: "_Writing[T]") -> tuple[int, T | CrispdeckError]:
        try:
            return writing.index, writing.result(self._allowed_s)
        except TimeoutError:
            self._helpers.leave_behind()
            return writing.index, _too_long(self._allowed_s)
        except CrispdeckError as error:
            return writing.index, error
        except Exception as error:
            logger.exception("a result could not be written")
            return writing.index, _broken_off(error)


class _Run:
    """The pictures of one call, opened ahead of the network."""

    def __init__(
        self,
        loads: Sequence[Load],
        scale: float,
        manner: Manner,
        limits: PixelLimits,
        helpers: DaemonThreads,
        *,
        ahead: int,
    ) -> None:
        self.manner = manner
        self._ahead = ahead
        self._loads = loads
        self._scale = scale
        self._limits = limits
        self._helpers = helpers
        self._opening: dict[int, Future[OpenPicture | CrispdeckError]] = {}
        self._open: dict[int, OpenPicture | CrispdeckError] = {}

    def opened(self, part: Sequence[int]) -> list[OpenPicture | CrispdeckError]:
        """Wait for some pictures; those behind them are begun."""
        for index in range(part[0], min(part[-1] + 1 + self._ahead, len(self._loads))):
            if index not in self._opening:
                self._opening[index] = self._helpers.do(self._opener(index))
        for index in part:
            self._open[index] = self._opening[index].result()
        return [self._open[index] for index in part]

    def forget(self) -> None:
        """Open anew what is not open yet."""
        self._opening = {index: future for index, future in self._opening.items() if future.done()}

    def cancel(self) -> None:
        """Open nothing more."""
        for future in self._opening.values():
            future.cancel()

    def taken(self, index: int) -> OpenPicture | CrispdeckError | None:
        """Give an open picture away."""
        self._opening.pop(index, None)
        return self._open.pop(index, None)

    def write(self, opened: OpenPicture, made: LargePicture) -> Sharpened | CrispdeckError:
        """Encode what was made of a picture."""
        return write(opened, made, self._scale, strip=self.manner.strip)

    def do(self, job: Callable[[], T]) -> "Future[T]":
        """Let a helper do it."""
        return self._helpers.do(job)

    def _opener(self, index: int) -> Callable[[], OpenPicture | CrispdeckError]:
        def work() -> OpenPicture | CrispdeckError:
            try:
                blob = self._loads[index]()
            except CrispdeckError as error:
                return error
            return open_picture(blob, self._scale, self._limits)

        return work


class _Writing(Generic[T]):
    """A picture behind the network: encoded in the time there is, then stored, however long."""

    def __init__(
        self,
        run: _Run,
        index: int,
        made: LargePicture | CrispdeckError,
        then: Callable[[int, Sharpened], T],
    ) -> None:
        self.index = index
        self._began_at = 0.0
        self._encoded = threading.Event()
        opened = run.taken(index)

        def work() -> T | CrispdeckError:
            self._began_at = time.monotonic()
            try:
                if isinstance(made, CrispdeckError) or not isinstance(opened, OpenPicture):
                    return made if isinstance(made, CrispdeckError) else _broken_off(LookupError())
                outcome = run.write(opened, made)
            finally:
                self._encoded.set()
            return then(index, outcome) if isinstance(outcome, Sharpened) else outcome

        self._future = run.do(work)

    @property
    def is_done(self) -> bool:
        """True when `result` need not wait."""
        return self._future.done()

    def cancel(self) -> None:
        """Do not begin with it."""
        self._future.cancel()

    def result(self, allowed_s: float) -> T | CrispdeckError:
        """Wait for it.

        Raises:
            TimeoutError: it has been encoded for longer than that.
        """
        while not self._encoded.wait(LOOK_S):
            if self._began_at and time.monotonic() - self._began_at > allowed_s:
                raise TimeoutError
        return self._future.result()


def _too_long(allowed_s: float) -> TimeLimitError:
    return TimeLimitError(f"The picture was not done within {allowed_s:g} seconds.")


def _too_slow(px: int, seconds: float, allowed_s: float) -> TooSlowHereError:
    return TooSlowHereError(
        f"A picture of {px / 1e6:.1f} megapixels would take this worker some {seconds:.0f} seconds,"
        f" and {allowed_s:g} are allowed. Take a smaller picture, let a worker with a GPU do it, or"
        " raise CRISPDECK_PICTURE_SECONDS."
    )


def _px(item: OpenPicture) -> int:
    """Return how many pixels go into the network."""
    return item.view.pixels.width_px * item.view.pixels.height_px


def _alone(items: Sequence[OpenPicture | CrispdeckError]) -> OpenPicture | None:
    """Return the picture of a call that has no other, if the network enlarges it."""
    if len(items) != 1 or isinstance(items[0], CrispdeckError) or items[0].view.cells is not None:
        return None
    return items[0]


def _broken_off(error: Exception) -> CrispdeckError:
    broken = CrispdeckError(
        f"The upscaling failed with an unexpected error: {type(error).__name__}."
    )
    broken.__cause__ = error
    return broken
