"""Writes grafana.json: `python -m infra.monitoring.write_grafana`; a test says if it is old."""

import json
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("grafana.json")
SOURCE = {"type": "prometheus", "uid": "${source}"}

Line = tuple[str, str]
"""An expression and its legend."""

P95_OF_REQUESTS = (
    "histogram_quantile(0.95,"
    " sum by (le, endpoint) (rate(crispdeck_http_request_seconds_bucket[5m])))"
)
PANELS: tuple[tuple[str, str, str, tuple[Line, ...]], ...] = (
    ("stat", "Workers", "short", (("max(crispdeck_workers)", ""),)),
    ("stat", "Pictures a minute", "short", (("max(crispdeck_pictures_per_minute)", ""),)),
    ("stat", "Failure rate", "percentunit", (("max(crispdeck_failure_ratio)", ""),)),
    ("stat", "Storage used", "bytes", (("max(crispdeck_storage_bytes)", ""),)),
    (
        "timeseries",
        "Waiting rows",
        "short",
        (
            ("max by (queue) (crispdeck_queue_waiting)", "{{queue}}"),
            ("max(crispdeck_decks_waiting)", "decks without a free job"),
        ),
    ),
    (
        "timeseries",
        "Oldest row",
        "s",
        (("max by (queue) (crispdeck_queue_oldest_seconds)", "{{queue}}"),),
    ),
    (
        "timeseries",
        "Wait, last hour",
        "s",
        (("max by (queue, quantile) (crispdeck_wait_seconds)", "{{queue}} {{quantile}}"),),
    ),
    (
        "timeseries",
        "Run, last hour",
        "s",
        (("max by (queue, quantile) (crispdeck_run_seconds)", "{{queue}} {{quantile}}"),),
    ),
    (
        "timeseries",
        "Pictures and megapixels a minute",
        "short",
        (
            ("max(crispdeck_pictures_per_minute)", "pictures"),
            ("max(crispdeck_megapixels_per_minute)", "megapixels"),
        ),
    ),
    (
        "timeseries",
        "Ended in the last hour",
        "short",
        (("max by (queue, state) (crispdeck_ended)", "{{queue}} {{state}}"),),
    ),
    (
        "timeseries",
        "Storage",
        "bytes",
        (
            ("max(crispdeck_storage_bytes)", "used"),
            ("max(crispdeck_due_soon_bytes)", "deleted within a day"),
        ),
    ),
    (
        "timeseries",
        "Lost leases, drained workers",
        "short",
        (
            ("max(crispdeck_leases_expired)", "leases expired"),
            ("max(crispdeck_workers_drained)", "workers drained"),
        ),
    ),
    (
        "timeseries",
        "Age of the last sweep",
        "s",
        (("time() - max(crispdeck_sweep_timestamp_seconds)", "age"),),
    ),
    (
        "timeseries",
        "Time to the first byte, p95",
        "s",
        ((P95_OF_REQUESTS, "{{endpoint}}"),),
    ),
)


def dashboard() -> dict[str, Any]:
    """Return the dashboard as Grafana imports it."""
    return {
        "title": "Crispdeck",
        "uid": "crispdeck",
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "tags": ["crispdeck"],
        "templating": {
            "list": [
                {
                    "name": "source",
                    "label": "Prometheus",
                    "type": "datasource",
                    "query": "prometheus",
                }
            ]
        },
        "panels": [_panel(number, *panel) for number, panel in enumerate(PANELS)],
    }


def _panel(
    number: int, kind: str, title: str, unit: str, lines: tuple[Line, ...]
) -> dict[str, Any]:
    """Lay the first four side by side, and the others in two columns below."""
    if kind == "stat":
        place = {"x": 6 * number, "y": 0, "w": 6, "h": 4}
    else:
        place = {"x": 12 * (number % 2), "y": 4 + 8 * ((number - 4) // 2), "w": 12, "h": 8}
    return {
        "id": number + 1,
        "type": kind,
        "title": title,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + position),
                "expr": expression,
                "legendFormat": legend,
                "datasource": SOURCE,
            }
            for position, (expression, legend) in enumerate(lines)
        ],
    }


def text() -> str:
    """Return the file's text."""
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text())
