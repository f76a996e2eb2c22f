"""An object store on any S3 server, through boto3; the only module that knows it."""

import io
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from crispdeck.errors import ObjectMissingError, StorageError
from crispdeck.settings import Settings
from crispdeck.storage.disposition import content_disposition
from crispdeck.storage.keys import checked
from crispdeck.storage.objects import StoredObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    Checksums = Literal["when_required", "when_supported"]
    AddressingStyle = Literal["path", "virtual"]

MOST_AT_ONCE_BYTES = 5 * 2**30
"""S3's limit of one request; a larger object, which no deck is, goes up in parts."""

PART_BYTES = 64 * 2**20
"""Ten thousand parts may be, so an object may have 640 GB."""

DELETE_AT_ONCE = 1000
"""What one DeleteObjects request may name."""

LIST_AT_ONCE = 1000
"""What one page of a listing holds."""

MISSING = {"404", "NoSuchKey", "NotFound"}

NO_BATCH_DELETE = {400, 404, 405, 501}
"""How servers without DeleteObjects, or with other ideas of its checksum, refuse it."""


class S3Store:
    """Keeps objects in one bucket, under the prefix of `s3://bucket/prefix` if there is one."""

    def __init__(self, settings: Settings) -> None:
        place = urlsplit(settings.storage_url)
        self._settings = settings
        self._bucket = place.netloc
        self._prefix = place.path.strip("/") + "/" if place.path.strip("/") else ""

    def put(self, key: str, source: BinaryIO | bytes, *, content_type: str) -> StoredObject:
        """Upload in one request, as it is read; then ask the server what it has.

        boto3's own upload in parts holds ten of them in memory where the source cannot be read by
        several threads: 80 MB for each object that is under way.
        """
        with _seekable(source) as body, _storage_errors(key):
            if body.size_bytes > MOST_AT_ONCE_BYTES:
                self._client.upload_fileobj(
                    cast("Any", body),
                    self._bucket,
                    self._name(key),
                    ExtraArgs={"ContentType": content_type},
                    Config=TransferConfig(
                        multipart_chunksize=PART_BYTES, max_concurrency=2, use_threads=False
                    ),
                )
            else:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=self._name(key),
                    Body=cast("Any", body),
                    ContentLength=body.size_bytes,
                    ContentType=content_type,
                )
            head = self._client.head_object(Bucket=self._bucket, Key=self._name(key))
        return StoredObject(key, head["ContentLength"], head["LastModified"], head["ETag"])

    def open(self, key: str) -> BinaryIO:
        """Start the download."""
        with _storage_errors(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._name(key))
        return io.BufferedReader(_Download(key, answer["Body"]), buffer_size=2**18)

    def read(self, key: str) -> bytes:
        """Download all of it."""
        with self.open(key) as stream:
            return stream.read()

    def size(self, key: str) -> int | None:
        """Ask for the headers only."""
        try:
            with _storage_errors(key):
                head = self._client.head_object(Bucket=self._bucket, Key=self._name(key))
        except ObjectMissingError:
            return None
        return head["ContentLength"]

    def delete(self, keys: Iterable[str]) -> None:
        """Delete in batches, or one by one where the server knows no batches."""
        names = (self._name(key) for key in keys)
        while batch := list(islice(names, DELETE_AT_ONCE)):
            with _storage_errors(batch[0]):
                if not self._delete_batch(batch):
                    for name in batch:
                        self._delete_one(name)

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Go through all pages of the listing."""
        pages = self._client.get_paginator("list_objects_v2")
        with _storage_errors(prefix):
            for page in pages.paginate(
                Bucket=self._bucket,
                Prefix=self._prefix + prefix,
                PaginationConfig={"PageSize": LIST_AT_ONCE},
            ):
                for item in page.get("Contents", []):
                    key = item["Key"].removeprefix(self._prefix)
                    yield StoredObject(key, item["Size"], item["LastModified"], item["ETag"])

    def forget_unfinished(self, before: datetime) -> int:
        """Abort multipart uploads that nobody has completed."""
        found = 0
        uploads = self._client.get_paginator("list_multipart_uploads")
        with _storage_errors(self._prefix):
            for page in uploads.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for item in page.get("Uploads", []):
                    if item["Initiated"] < before:
                        self._client.abort_multipart_upload(
                            Bucket=self._bucket, Key=item["Key"], UploadId=item["UploadId"]
                        )
                        found += 1
        return found

    def url(self, key: str, *, expires_s: int, download_name: str | None = None) -> str | None:
        """Sign a GET, for the address that browsers reach; nothing is sent."""
        params = {"Bucket": self._bucket, "Key": self._name(key)}
        if download_name is not None:
            params["ResponseContentDisposition"] = content_disposition(download_name)
        with _storage_errors(key):
            return self._public_client.generate_presigned_url(
                "get_object", Params=params, ExpiresIn=expires_s
            )

    def ping(self) -> None:
        """Write, read and delete one small object."""
        key = f"ping/{secrets.token_hex(8)}"
        self.put(key, b"ping", content_type="text/plain")
        if self.read(key) != b"ping":
            raise StorageError("The object store gave back other bytes than it was given.")
        self.delete([key])

    @cached_property
    def _client(self) -> "S3Client":
        return self._make_client(self._settings.s3_endpoint_url)

    @cached_property
    def _public_client(self) -> "S3Client":
        public = self._settings.s3_public_endpoint_url
        return self._make_client(public) if public else self._client

    def _make_client(self, endpoint_url: str) -> "S3Client":
        settings = self._settings
        checksums = cast("Checksums", settings.s3_checksum_mode)
        style = cast("AddressingStyle", settings.s3_addressing_style)
        # A session of its own: boto3's default session is not safe to share between threads.
        return boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint_url or None,
            region_name=settings.s3_region,
            aws_access_key_id=settings.s3_access_key or None,
            aws_secret_access_key=settings.s3_secret_key or None,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": style},
                # boto3 sends CRC32 trailers by default, which many servers refuse.
                request_checksum_calculation=checksums,
                response_checksum_validation=checksums,
                connect_timeout=5,
                read_timeout=60,
                retries={"total_max_attempts": 3, "mode": "standard"},
                max_pool_connections=32,
            ),
        )

    def _name(self, key: str) -> str:
        return self._prefix + checked(key)

    def _delete_batch(self, names: Sequence[str]) -> bool:
        """Return False when the server does not know how."""
        try:
            answer = self._client.delete_objects(
                Bucket=self._bucket,
                Delete={"Objects": [{"Key": name} for name in names], "Quiet": True},
            )
        except ClientError as error:
            # A missing bucket is a 404 as well, and no way of deleting would help.
            if _status(error) in NO_BATCH_DELETE and _code(error) != "NoSuchBucket":
                return False
            raise
        # With Quiet only failures are listed, and deleting twice is none.
        failed = [item for item in answer.get("Errors", []) if item.get("Code") not in MISSING]
        if failed:
            raise StorageError(
                f"{len(failed)} objects could not be deleted: {failed[0].get('Code')}."
            )
        return True

    def _delete_one(self, name: str) -> None:
        try:
            self._client.delete_object(Bucket=self._bucket, Key=name)
        except ClientError as error:
            if _code(error) not in MISSING:
                raise


@contextmanager
def _seekable(source: BinaryIO | bytes) -> Iterator["_Lent"]:
    """Lend what a source still holds; one that cannot seek is first copied to the disk."""
    if isinstance(source, bytes):
        yield _Lent(io.BytesIO(source))
    elif source.seekable():
        yield _Lent(source)
    else:
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
            copy.seek(0)
            yield _Lent(cast("BinaryIO", copy))


class _Lent(io.RawIOBase):
    """The rest of a stream as a file of its own, lent to boto3, which closes what it uploads."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._start = stream.tell()
        self.size_bytes = stream.seek(0, io.SEEK_END) - self._start
        stream.seek(self._start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_SET:
            offset += self._start
        return self._stream.seek(offset, whence) - self._start

    def tell(self) -> int:
        return self._stream.tell() - self._start


class _Download(io.RawIOBase):
    """A download whose failures in mid-stream are our errors."""

    def __init__(self, key: str, body: Any) -> None:
        self._key = key
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with _storage_errors(self._key):
            data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()


@contextmanager
def _storage_errors(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if _code(error) in MISSING:
            raise ObjectMissingError(f"There is no object {key}.") from error
        raise StorageError(f"The object store refused: {_code(error)}.") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageError(f"The object store does not answer: {error}") from error


def _code(error: ClientError) -> str:
    return error.response["Error"].get("Code", "")


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
