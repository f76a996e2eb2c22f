"""What a killed put leaves behind is invisible, and dropped once it is old."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3

from crispdeck.settings import Settings
from crispdeck.storage import FolderStore, make_store

SOON = timedelta(minutes=5)


def test_a_half_written_file_goes_when_it_is_old_and_stays_while_it_is_young(
    tmp_path: Path,
) -> None:
    store = FolderStore(tmp_path)
    store.put("t/whole", b"whole", content_type="text/plain")
    old, young = (tmp_path / ".unfinished" / name for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"ha")
    hour_ago = young.stat().st_mtime - 3600
    os.utime(old, (hour_ago, hour_ago))
    assert store.forget_unfinished(datetime.now(UTC) - SOON) == 1
    assert (old.exists(), young.exists()) == (False, True)
    assert [found.key for found in store.list()] == ["t/whole"]


def test_a_folder_that_was_never_written_to_has_nothing_unfinished(tmp_path: Path) -> None:
    assert FolderStore(tmp_path / "new").forget_unfinished(datetime.now(UTC)) == 0


def test_a_multipart_upload_that_was_never_completed_is_aborted(s3_settings: Settings) -> None:
    store = make_store(s3_settings)
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=s3_settings.s3_endpoint_url,
        region_name=s3_settings.s3_region,
        aws_access_key_id=s3_settings.s3_access_key,
        aws_secret_access_key=s3_settings.s3_secret_key,
    )
    bucket, _, prefix = s3_settings.storage_url.removeprefix("s3://").partition("/")
    name = f"{prefix}/t/half" if prefix else "t/half"
    client.create_multipart_upload(Bucket=bucket, Key=name)
    assert store.forget_unfinished(datetime.now(UTC) - SOON) == 0
    assert store.forget_unfinished(datetime.now(UTC) + SOON) == 1
    assert client.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    assert list(store.list()) == []
