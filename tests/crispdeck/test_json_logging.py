"""Every line of a log is one JSON object, and says whose work it is about."""

import json
import logging

from crispdeck.json_logging import JsonLines, about


def line(message: str, *values: object, error: BaseException | None = None) -> dict[str, object]:
    found = (type(error), error, None) if error else None
    record = logging.LogRecord("web", logging.INFO, "", 0, message, values, found)
    text = JsonLines().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


def test_words_and_their_ids_become_members() -> None:
    with about(job="j", tenant="t"), about(picture="p", deck=None):
        found = line("lost %s", "it\nall")
    assert found["message"] == "lost it\nall"
    assert (found["job"], found["tenant"], found["picture"]) == ("j", "t", "p")
    assert "deck" not in found
    assert "job" not in line("later")


def test_a_message_that_is_json_becomes_members() -> None:
    found = line("%s", json.dumps({"event": "request", "status": 200}))
    assert (found["event"], found["status"], found["level"]) == ("request", 200, "INFO")
    assert line("{no json")["message"] == "{no json"


def test_an_error_comes_with_its_traceback() -> None:
    assert "ValueError: why" in str(line("it broke", error=ValueError("why"))["traceback"])
