"""The overview: what waits, how long it takes, what fails, over an hour, a day or a week."""

from typing import Any

from flask import Response, jsonify, render_template, request

from crispdeck.errors import InvalidRequestError
from crispdeck.queue.names import PICTURE_QUEUES, SHOWN_QUEUES, QueueName
from crispdeck.records.figures.histogram import Bins
from crispdeck.records.figures.history import History, Times, Window, failure_share, history
from crispdeck.records.figures.totals import figures
from crispdeck.records.figures.turns import turns
from crispdeck.records.roles import Role
from crispdeck.records.shelf.expiry import due_soon
from crispdeck.records.work.queue_pauses import list_pauses, pause_queue, resume_queue
from crispdeck.services.alarms import alarms
from web.admin_sessions import note, session_operator
from web.auth import needs_role
from web.bodies import takes
from web.engine import engine
from web.routes.admin.site import FORM, admin, field, go_to
from web.routes.admin.workers import found_crew

QUEUE_WORDS = {
    QueueName.INTERACTIVE: "single pictures, somebody waits",
    QueueName.BULK: "pictures of decks",
    QueueName.CPU: "decks: unpack, put together",
}


def _window() -> Window:
    asked = request.args.get("window", "")
    return Window(asked) if asked in set(Window) else Window.HOUR


@admin.get("/")
@needs_role(Role.VIEWER)
def overview() -> str:
    """Show the figures; the charts fetch theirs."""
    db, window = engine().db, _window()
    past, now = history(db, window), figures(db)
    pictures = past.total(*PICTURE_QUEUES)
    minutes = past.length_s / 60
    return render_template(
        "admin/overview.html",
        window=window,
        windows=list(Window),
        figures=now,
        pauses=list_pauses(db),
        alarms=alarms(engine(), now, found_crew()),
        soon=due_soon(db),
        turns=turns(db),
        queues=[(queue, QUEUE_WORDS[queue], _of_queue(past, queue)) for queue in SHOWN_QUEUES],
        pictures=pictures,
        per_minute=pictures.counts["done"] / minutes,
        megapixels=pictures.output_px / 1e6 / minutes,
        failed=failure_share(pictures),
        did=request.args.get("did", ""),
        queue=request.args.get("queue", "")[:24],
    )


def _of_queue(past: History, queue: QueueName) -> dict[str, Any]:
    ended = past.total(queue)
    return {
        "ended": ended,
        "wait": Times.of(ended.wait_bins),
        "run": Times.of(ended.run_bins),
        "failed": failure_share(ended),
    }


@admin.post("/queues/pause")
@needs_role(Role.OPERATOR)
@takes(FORM)
def pause() -> Response:
    """Let nobody take anything new from a queue."""
    queue = _queue()
    pause_queue(engine().db, queue, actor=session_operator().name)
    note("queue.pause", queue.value)
    return go_to("admin.overview", did="pause", queue=queue.value)


@admin.post("/queues/resume")
@needs_role(Role.OPERATOR)
@takes(FORM)
def resume() -> Response:
    """Let workers take from a queue again."""
    queue = _queue()
    resume_queue(engine().db, queue)
    note("queue.resume", queue.value)
    return go_to("admin.overview", did="resume", queue=queue.value)


def _queue() -> QueueName:
    asked = field("queue")
    if asked not in {queue.value for queue in SHOWN_QUEUES}:
        raise InvalidRequestError("Say which queue.", fields={"queue": "unknown"})
    return QueueName(asked)


@admin.get("/figures.json")
@needs_role(Role.VIEWER)
def figures_json() -> Response:
    """Give the charts their series: seconds since 1970, and one list per line."""
    past = history(engine().db, _window())
    points, lengths_s = past.points(*PICTURE_QUEUES), past.step_lengths_s()
    failed = [failure_share(point) for point in points]
    charts = {
        "pictures": {
            queue.value: [
                _rate(each.counts["done"], length_s)
                for each, length_s in zip(past.by_queue[queue], lengths_s, strict=True)
            ]
            for queue in PICTURE_QUEUES
        },
        "megapixels": {
            "megapixels": [
                _rate(each.output_px / 1e6, length_s)
                for each, length_s in zip(points, lengths_s, strict=True)
            ]
        },
        "wait": _quantiles([point.wait_bins for point in points]),
        "run": _quantiles([point.run_bins for point in points]),
        "failed": {"failed": [None if share is None else share * 100 for share in failed]},
        "waiting": {
            queue.value: [each.waiting for each in past.by_queue[queue]] for queue in SHOWN_QUEUES
        },
    }
    return jsonify(at=[int(at.timestamp()) for at in past.begins_at], charts=charts)


def _rate(amount: float, length_s: float) -> float:
    return round(amount * 60 / length_s, 3)


def _quantiles(points: list[Bins]) -> dict[str, list[float | None]]:
    found = [Times.of(bins) for bins in points]
    return {
        "p50": [each.p50 for each in found],
        "p95": [each.p95 for each in found],
        "p99": [each.p99 for each in found],
    }
