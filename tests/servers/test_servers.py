"""The servers of the test run: they start, keep what they hold and refuse what they must."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import psutil
import psycopg
import pytest
import redis
from botocore.config import Config
from botocore.exceptions import ClientError

from crispdeck.settings import Settings
from tests.servers.process import ServerError, ServerProcess, find_program
from tests.servers.redis_server import RedisServer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

RUN_UNTIL_KILLED = """\
import sys, time
from pathlib import Path
from tests.servers.redis_server import RedisServer
server = RedisServer(Path(sys.argv[1]))
server.start()
print(server.process.pid, flush=True)
time.sleep(600)
"""


def test_a_killed_redis_comes_back_with_what_it_held(own_redis: RedisServer) -> None:
    with redis.Redis.from_url(own_redis.url) as client:
        client.config_set("appendfsync", "always")
        client.set("kept", "yes")
    own_redis.kill()
    own_redis.start()
    with redis.Redis.from_url(own_redis.url) as client:
        assert client.get("kept") == b"yes"


def test_every_redis_url_is_an_empty_database(redis_server: RedisServer) -> None:
    first, second = redis_server.new_url(), redis_server.new_url()
    with redis.Redis.from_url(first) as client:
        client.set("mine", "1")
    with redis.Redis.from_url(second) as client:
        assert client.dbsize() == 0


def test_every_postgres_url_is_an_empty_database(postgres_database: Callable[[], str]) -> None:
    first, second = (
        url.replace("+psycopg", "") for url in (postgres_database(), postgres_database())
    )
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE mine (id int)")
    with psycopg.connect(second) as connection:
        count = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()
    assert count == (0,)


def test_a_kept_object_is_read_back(s3: "S3Client", s3_settings: Settings) -> None:
    bucket = s3_settings.storage_url.removeprefix("s3://")
    s3.put_object(Bucket=bucket, Key="tenant/decks/1/original", Body=b"deck")
    answer = s3.get_object(Bucket=bucket, Key="tenant/decks/1/original")
    assert answer["Body"].read() == b"deck"


def test_a_wrong_secret_is_refused(s3_settings: Settings) -> None:
    bucket = s3_settings.storage_url.removeprefix("s3://")
    client = _client(replace(s3_settings, s3_secret_key="wrong"))
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client.list_objects_v2(Bucket=bucket)
    client.close()


def test_a_tampered_url_is_refused(s3: "S3Client", s3_settings: Settings) -> None:
    bucket = s3_settings.storage_url.removeprefix("s3://")
    for key in ("mine", "other"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    url = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "mine"}, ExpiresIn=60)
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"mine"
    with pytest.raises(urllib.error.HTTPError, match="403") as refusal:
        urllib.request.urlopen(url.replace("/mine", "/other"))
    refusal.value.close()


def test_each_stack_has_its_own_place(stack: Settings, tmp_path: Path) -> None:
    assert stack.data_dir.is_relative_to(tmp_path)
    assert bool(stack.storage_url) == bool(stack.database_url) == (not stack.is_embedded)


def test_a_server_dies_with_the_run_that_started_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN_UNTIL_KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as run:
        assert run.stdout is not None
        server = psutil.Process(int(run.stdout.readline()))
        run.send_signal(signal.SIGKILL)
    gone_or_zombie = _wait_until(lambda: not _is_alive(server))
    assert gone_or_zombie


def test_a_missing_program_names_the_command_that_installs_it() -> None:
    with pytest.raises(ServerError, match="run `make test`"):
        find_program("no-such-server")


def test_a_server_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    process = ServerProcess(["sh", "-c", "echo no such option; exit 1"], log=tmp_path / "log")
    with pytest.raises(ServerError, match="no such option"):
        process.start(lambda: False)


@pytest.fixture
def s3(s3_settings: Settings) -> "Iterator[S3Client]":
    client = _client(s3_settings)
    yield client
    client.close()


def _client(settings: Settings) -> "S3Client":
    return boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint_url,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key,
        aws_secret_access_key=settings.s3_secret_key,
        config=Config(s3={"addressing_style": "path"}),
    )


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait_until(condition: Callable[[], bool], *, limit_s: float = 10) -> bool:
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
