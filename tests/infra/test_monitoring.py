"""The alert rules and the dashboard speak of series that /metrics really has."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from crispdeck.records.figures.last_runs import SWEEP, note_run
from crispdeck.records.work.drains import drain
from infra.monitoring.write_grafana import PAGE, text
from tests.web.conftest import Web, finished_deck, start_web, web
from tests.wiring.repository import REPOSITORY

__all__ = ["start_web", "web"]

MONITORING = REPOSITORY / "infra" / "monitoring"
SERIES = re.compile(r"\bcrispdeck_[a-z_]+")
SELECTOR = re.compile(r"(crispdeck_[a-z_]+)\{([^}]*)\}")
FUNCTIONS = {
    *("max", "sum", "by", "rate", "time", "absent", "histogram_quantile", "and", "or", "up"),
    *("humanizePercentage",),
}
DURATION = re.compile(r"\d+[smhd]")


def rules() -> list[dict[str, object]]:
    groups = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(PAGE.read_text())["panels"]
    return found


def expressions() -> Iterator[str]:
    yield from (str(rule["expr"]) for rule in rules())
    for panel in panels():
        targets = panel["targets"]
        assert isinstance(targets, list)
        yield from (target["expr"] for target in targets)


@pytest.fixture
def labels(web: Web) -> dict[str, set[str]]:
    """The labels of every series of a server that has done something."""
    finished_deck(web)
    drain(web.engine.db, "upscale@host", actor="test")
    note_run(web.engine.db, SWEEP, worker="w", took_s=0.1, announced=0, deleted=0)
    found: dict[str, set[str]] = {}
    page = web.client.get("/metrics").get_data(as_text=True)
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_series_that_is_named_is_there_with_its_labels(labels: dict[str, set[str]]) -> None:
    for expression in expressions():
        for name in SERIES.findall(expression):
            assert name in labels, expression
        for name, inner in SELECTOR.findall(expression):
            asked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", inner))
            assert asked <= labels[name], expression


def test_the_labels_that_are_grouped_by_are_there(labels: dict[str, set[str]]) -> None:
    for expression in expressions():
        for grouped in re.findall(r"by \(([^)]*)\)", expression):
            asked = {name.strip() for name in grouped.split(",")}
            assert any(
                asked <= labels[name] for name in SERIES.findall(expression) if name in labels
            ), expression


@pytest.mark.parametrize("expression", list(expressions()), ids=lambda text: text[:40])
def test_an_expression_is_whole(expression: str) -> None:
    for opening, closing in ("()", "{}", "[]"):
        assert expression.count(opening) == expression.count(closing)
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)', " ", expression)
    words = set(re.findall(r"[A-Za-z_]+", bare))
    assert {word for word in words if not word.startswith("crispdeck_")} <= FUNCTIONS
    for duration in re.findall(r"\[([^\]]*)\]", expression):
        assert DURATION.fullmatch(duration)


def test_every_alert_says_how_bad_it_is_and_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    for rule in rules():
        labels, notes = rule["labels"], rule["annotations"]
        assert isinstance(labels, dict)
        assert isinstance(notes, dict)
        assert labels["severity"] in {"critical", "warning", "info"}
        assert {"summary", "action"} == set(notes)
        assert DURATION.fullmatch(str(rule["for"]))


def test_the_rules_are_loaded_by_the_configuration() -> None:
    configuration = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    for name in configuration["rule_files"]:
        assert (MONITORING / name).is_file()
    [job] = configuration["scrape_configs"]
    assert f'job="{job["job_name"]}"' in (MONITORING / "alerts.yml").read_text()


def test_the_dashboard_is_up_to_date() -> None:
    assert PAGE.read_text() == text(), "run `python -m infra.monitoring.write_grafana`"


def test_no_two_panels_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        assert isinstance(place, dict)
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_the_overview_and_the_metrics_say_the_same(web: Web, start_web: Callable[..., Web]) -> None:
    finished_deck(web)
    page = web.client.get("/metrics").get_data(as_text=True)
    ended = {
        (sample.labels["queue"], sample.labels["state"]): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == "crispdeck_ended"
    }
    assert ended["bulk", "done"] == 2
    assert ended["cpu", "done"] == 1
