"""Progress bars on standard error: decks above, pictures below; nothing where it is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from crispdeck.cli.console import messages


class Progress:
    """Two bars; a context manager that shows them while it is open."""

    def __init__(self, total: int, noun: str = "decks", *, hidden: bool = False) -> None:
        console = messages()
        self._bars = Bars(
            TextColumn("{task.description}", table_column=None),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[noun]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=hidden or not console.is_terminal,
        )
        self._all = self._bars.add_task("All", total=total, noun=noun, visible=total > 1)
        self._one = self._bars.add_task("", total=None, noun="pictures", visible=False)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    @contextmanager
    def deck(self, name: str) -> Iterator[None]:
        """Show a deck as the one in work."""
        self._bars.reset(self._one, total=None, description=_shortened(name), visible=True)
        yield
        self._bars.advance(self._all)

    def pictures(self, total: int) -> None:
        """Say how many pictures the deck in work has to go through."""
        self._bars.update(self._one, total=total)

    def picture(self, *_: object) -> None:
        """Count a picture of the deck in work."""
        self._bars.advance(self._one)

    def step(self, name: str) -> None:
        """Count one of `total` and name it, where there are no decks."""
        self._bars.update(self._all, description=_shortened(name), advance=1)


def _shortened(name: str, most: int = 36) -> str:
    # Rich reads brackets as markup.
    short = name if len(name) <= most else f"{name[: most - 1]}…"
    return short.replace("[", "\\[")
