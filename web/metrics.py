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

from crispdeck.jobs.database import Database
from crispdeck.jobs.figures import Figures, figures

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class RowFigures(Collector):
    """Gauges that are counted in the database when somebody asks."""

    def __init__(self, found: Figures) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Yield one family after the other."""
        found = self._found
        yield _by("crispdeck_queue_waiting", "Rows that wait for a worker", "queue", found.waiting)
        yield _by(
            "crispdeck_queue_oldest_seconds",
            "Age of the row that has waited longest",
            "queue",
            dict.fromkeys(found.waiting, 0.0) | found.oldest_wait_s,
        )
        yield _by("crispdeck_jobs", "Jobs by state", "state", found.jobs)
        yield _by("crispdeck_pictures", "Pictures by state", "state", found.pictures)
        single = {
            "crispdeck_leases_expired": ("Rows whose worker fell silent", found.expired_leases),
            "crispdeck_storage_bytes": ("Bytes kept in the object store", found.stored_bytes),
            "crispdeck_decks": ("Decks kept", found.decks),
            "crispdeck_workers": ("Workers heard of in the last minute", found.workers),
        }
        for name, (meaning, value) in single.items():
            yield GaugeMetricFamily(name, meaning, value=value)


def _by(name: str, meaning: str, label: str, counts: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in counts.items():
        family.add_metric([str(key)], value)
    return family


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
        return generate_latest(rows) + generate_latest(requests), CONTENT_TYPE_LATEST


def register(app: Flask) -> RequestMetrics:
    """Count all requests of `app`."""
    metrics = RequestMetrics()
    app.after_request(metrics.note)
    return metrics
