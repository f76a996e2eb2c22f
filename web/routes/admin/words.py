"""How figures, times and states are said on the operators' pages; Jinja filters, no data."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from crispdeck.records.figures.history import Times
from crispdeck.words.numbers import DASH, count_words, size_words

GOOD = frozenset({"done", "sent", "working", "idle", "ok", "running"})
BAD = frozenset({"failed", "gone", "late"})


def size(value: float | None) -> str:
    """Say bytes: 1.2 MB."""
    return DASH if value is None else size_words(value)


def span(seconds: float | None) -> str:
    """Say a time: 35 ms, 2.4 s, 3 min, 5 h, 2 d."""
    if seconds is None:
        return DASH
    for least, unit_s, unit in ((172_800, 86_400, "d"), (7200, 3600, "h"), (120, 60, "min")):
        if seconds >= least:
            return f"{seconds / unit_s:.0f} {unit}"
    if seconds >= 10:
        return f"{seconds:.0f} s"
    if 0 < seconds < 0.001:
        return "under 1 ms"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def count(value: float | None) -> str:
    """Say a number with its thousands apart; one digit more where it is small and no whole."""
    if value is None:
        return DASH
    if value == round(value) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def percent(share: float | None) -> str:
    """Say a share of 1."""
    if share is None:
        return DASH
    digits = 1 if 0.0 < share < 0.1 else 0
    return f"{share * 100:.{digits}f} %"


def when(at: datetime | None) -> Markup:
    """Say how long ago something was; the exact time is there to be hovered and read out."""
    if at is None:
        return Markup(DASH)  # noqa: S704 - a constant
    seconds = (datetime.now(UTC) - at).total_seconds()
    words = f"{span(seconds)} ago" if seconds >= 0 else f"in {span(-seconds)}"
    exact = at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), exact, words)


def clock(at: datetime | None) -> str:
    """Say the time of day to the millisecond."""
    return DASH if at is None else at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def chip(state: object) -> Markup:
    """Show a state as a small label; its colour only repeats the word."""
    word = str(getattr(state, "value", state))
    tone = "good" if word in GOOD else "bad" if word in BAD else "plain"
    return Markup('<span class="chip {}">{}</span>').format(tone, word)


def quantiles(times: Times) -> str:
    """Say p50, p95 and p99; one dash where nothing ended."""
    if times.p50 is None:
        return DASH
    return f"{span(times.p50)} · {span(times.p95)} · {span(times.p99)}"


def leaves(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Lay a JSON report out as lines: the path to each value in words, and the value."""
    if isinstance(value, dict):
        return [
            line
            for key, inner in value.items()
            for line in leaves(inner, f"{path} › {_words(key)}" if path else _words(key))
        ]
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return [
            line
            for number, inner in enumerate(value, 1)
            for line in leaves(inner, f"{path} {number}")
        ]
    return [(path or "value", _value(value))]


def _words(key: object) -> str:
    return str(key).replace("_", " ")


def _value(value: Any) -> str:
    if value is None:
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value) or DASH
    return str(value)


FILTERS: dict[str, Callable[..., Any]] = {
    "size": size,
    "span": span,
    "number": count,
    "percent": percent,
    "when": when,
    "clock": clock,
    "chip": chip,
    "leaves": leaves,
    "quantiles": quantiles,
    "plural": count_words,
}
