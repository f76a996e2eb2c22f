"""What Celery is set to."""

from pathlib import Path

from crispdeck.queue.app import SOFT_SHUTDOWN_S, TIME_LIMIT_S, make_celery
from crispdeck.settings import Settings


def test_redis_hands_out_again_only_what_cannot_still_be_in_work(tmp_path: Path) -> None:
    app = make_celery(Settings(data_dir=tmp_path, broker_url="redis://127.0.0.1:1/0"))
    timeout_s = app.conf.broker_transport_options["visibility_timeout"]
    assert timeout_s > TIME_LIMIT_S + SOFT_SHUTDOWN_S


def test_nothing_but_json_is_taken(settings: Settings) -> None:
    assert make_celery(settings).conf.accept_content == ["json"]
