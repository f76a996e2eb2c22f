"""/metrics for Prometheus: requests of this process, and what the rows say of all of them."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from crispdeck.queue.names import PICTURE_QUEUES, SHOWN_QUEUES
from crispdeck.records.database import Database
from crispdeck.records.figures.histogram import quantile_s
from crispdeck.records.figures.history import History, Window, failure_share, history
from crispdeck.records.figures.last_runs import SWEEP, get_mark
from crispdeck.records.figures.tally import COUNTS
from crispdeck.records.figures.totals import Figures, figures
from crispdeck.records.shelf.expiry import due_soon
from crispdeck.records.work.drains import list_drains

QUANTILES = (0.5, 0.95, 0.99)  # of the pictures' times; what the alerts and the dashboard ask
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Upper ends of the bins of answers: Prometheus' defaults, to the longest wait."""


class RowFigures(Collector):
    """Gauges that are counted in the database when somebody asks."""

    def __init__(self, found: Figures) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Yield one family after the other."""
        found = self._found
        yield _by(
            "crispdeck_queue_waiting",
            "Pictures and jobs that wait for a worker",
            "queue",
            found.waiting,
        )
        yield _by(
            "crispdeck_queue_oldest_seconds",
            "Age of the picture or job that has waited longest",
            "queue",
            dict.fromkeys(found.waiting, 0.0) | found.oldest_wait_s,
        )
        yield _by("crispdeck_jobs", "Jobs by state", "state", found.jobs)
        yield _by("crispdeck_pictures", "Pictures by state", "state", found.pictures)
        single = {
            "crispdeck_leases_expired": (
                "Pictures and jobs whose worker no longer answers",
                found.expired_leases,
            ),
            "crispdeck_storage_bytes": ("Bytes kept in the object store", found.stored_bytes),
            "crispdeck_decks": ("Decks kept", found.decks),
            "crispdeck_decks_waiting": (
                "Decks that wait until their tenant has a job free",
                found.decks_waiting,
            ),
            "crispdeck_workers": ("Workers with a heartbeat in the last minute", found.workers),
        }
        for name, (meaning, value) in single.items():
            yield GaugeMetricFamily(name, meaning, value=value)


def _by(name: str, meaning: str, label: str, counts: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in counts.items():
        family.add_metric([str(key)], value)
    return family


class PastFigures(Collector):
    """The dashboard's figures of the last hour, from the same rows."""

    def __init__(self, past: History) -> None:
        self._past = past

    def collect(self) -> Iterator[Metric]:
        """Yield one family after the other."""
        past = self._past
        ended = {queue: past.total(queue) for queue in SHOWN_QUEUES}
        for name, meaning, bins in (
            ("wait", "Waiting time of what ended", {q: e.wait_bins for q, e in ended.items()}),
            ("run", "Working time of what ended", {q: e.run_bins for q, e in ended.items()}),
        ):
            family = GaugeMetricFamily(
                f"crispdeck_{name}_seconds", f"{meaning}, last hour", labels=["queue", "quantile"]
            )
            for queue, counted in bins.items():
                for share in QUANTILES:
                    seconds = quantile_s(counted, share)
                    if seconds is not None:
                        family.add_metric([queue.value, str(share)], seconds)
            yield family
        family = GaugeMetricFamily(
            "crispdeck_ended", "What ended in the last hour", labels=["queue", "state"]
        )
        for queue, each in ended.items():
            for state in COUNTS:
                family.add_metric([queue.value, state], each.counts[state])
        yield family
        minutes = past.length_s / 60
        pictures = past.total(*PICTURE_QUEUES)
        single = {
            "crispdeck_pictures_per_minute": (
                "Pictures made sharp per minute, last hour",
                pictures.counts["done"] / minutes,
            ),
            "crispdeck_megapixels_per_minute": (
                "New megapixels per minute, last hour",
                pictures.output_px / 1e6 / minutes,
            ),
            "crispdeck_failure_ratio": (
                "Share of pictures that failed, last hour",
                failure_share(pictures) or 0.0,
            ),
        }
        for name, (meaning, value) in single.items():
            yield GaugeMetricFamily(name, meaning, value=value)


class OperatingFigures(Collector):
    """What an operator is woken for: the sweeper's last run, drained workers, what is deleted."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def collect(self) -> Iterator[Metric]:
        """Yield one family after the other."""
        sweep, soon = get_mark(self._db, SWEEP), due_soon(self._db)
        single = {
            "crispdeck_sweep_timestamp_seconds": (
                "When the last sweep ended, since 1970; 0: never",
                sweep.at.timestamp() if sweep else 0.0,
            ),
            "crispdeck_workers_drained": (
                "Workers that take nothing new",
                float(len(list_drains(self._db))),
            ),
            "crispdeck_due_soon_bytes": (
                "Bytes of decks and results to be deleted within a day",
                float(soon.size_bytes),
            ),
        }
        for name, (meaning, value) in single.items():
            yield GaugeMetricFamily(name, meaning, value=value)


class RequestMetrics:
    """Counts requests and times them, by endpoint: ids in paths would make endless series."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "crispdeck_http_requests",
            "Requests answered",
            ["method", "endpoint", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "crispdeck_http_request_seconds",
            "Time to the answer's first byte",
            ["endpoint"],
            buckets=SECONDS,
            registry=self.registry,
        )

    def note(self, response: Response) -> Response:
        """Count one answer."""
        endpoint = request.endpoint or "unknown"
        self.requests.labels(request.method, endpoint, str(response.status_code)).inc()
        self.seconds.labels(endpoint).observe(time.perf_counter() - g.began_s)
        return response

    def exposition(self, db: Database) -> tuple[bytes, str]:
        """Return the text for Prometheus and its media type."""
        requests = self.registry
        if values.ValueClass._multiprocess:
            requests = CollectorRegistry()
            MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
        rows = CollectorRegistry()
        rows.register(RowFigures(figures(db)))
        rows.register(PastFigures(history(db, Window.HOUR)))
        rows.register(OperatingFigures(db))
        return generate_latest(rows) + generate_latest(requests), CONTENT_TYPE_LATEST


def register(app: Flask) -> RequestMetrics:
    """Count all requests of `app`."""
    metrics = RequestMetrics()
    app.after_request(metrics.note)
    return metrics
