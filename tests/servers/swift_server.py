"""OpenStack Swift with its S3 API: a real object server that checks signatures and expiry.

One replica, one device, four processes (account, container, object, proxy), no memcached, no
root rights; the configuration is written fresh for every run.
"""

import os
import pwd
import subprocess
from pathlib import Path

import boto3
from botocore.config import Config

from crispdeck.settings import Settings
from tests.servers.process import ServerProcess, find_program, free_port, is_listening

HOME = Path(__file__).parents[2] / ".servers" / "swift" / "bin"
ACCESS_KEY, SECRET_KEY = "test:tester", "testing"
STORES = ("account", "container", "object")
PIPELINE = "catch_errors gatekeeper listing_formats s3api tempauth bulk slo dlo proxy-server"

SWIFT_CONF = """\
[swift-hash]
swift_hash_path_prefix = crispdeck
swift_hash_path_suffix = crispdeck
[storage-policy:0]
name = one
default = yes
"""

COMMON_CONF = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
disable_fallocate = true
log_level = ERROR
"""

STORE_CONF = """\
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

PROXY_CONF = """\
[pipeline:main]
pipeline = {pipeline}
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
"""

# Run by Swift's own Python: three rings with one device each.
MAKE_RINGS = """\
import sys
from swift.common.ring import RingBuilder
folder, *ports = sys.argv[1:]
for kind, port in zip(("account", "container", "object"), ports):
    builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
    builder.add_dev(dict(region=1, zone=1, ip="127.0.0.1", port=int(port), device="d1", weight=1))
    builder.rebalance()
    builder.get_ring().save(f"{folder}/{kind}.ring.gz")
"""


class SwiftServer:
    """The four processes; buckets by `new_bucket`, settings that use one by `settings_for`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {kind: free_port() for kind in (*STORES, "proxy")}
        self.endpoint_url = f"http://127.0.0.1:{self.ports['proxy']}"
        self._buckets_given = 0
        self._write_configuration()
        self.processes = {kind: self._process(kind) for kind in self.ports}

    def start(self) -> None:
        """Make the rings and start all four; returns when the proxy answers."""
        stores = [str(self.ports[kind]) for kind in STORES]
        python = find_program("python", HOME)
        subprocess.run([python, "-c", MAKE_RINGS, str(self.folder), *stores], check=True)
        for kind, process in self.processes.items():
            if kind != "proxy":
                process.start(lambda: True)
        self.processes["proxy"].start(self._all_listen)

    def stop(self) -> None:
        """Kill all four; the files are the test run's to delete."""
        for process in self.processes.values():
            process.kill()

    def new_bucket(self) -> str:
        """Create an empty bucket and give its name."""
        self._buckets_given += 1
        name = f"crispdeck-test-{self._buckets_given}"
        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(s3={"addressing_style": "path"}),
        )
        client.create_bucket(Bucket=name)
        client.close()
        return name

    def settings_for(self, bucket: str, *, data_dir: Path) -> Settings:
        """Give settings whose object store is that bucket, all else embedded in `data_dir`."""
        return Settings(
            data_dir=data_dir,
            storage_url=f"s3://{bucket}",
            s3_endpoint_url=self.endpoint_url,
            s3_access_key=ACCESS_KEY,
            s3_secret_key=SECRET_KEY,
        )

    def _write_configuration(self) -> None:
        user = pwd.getpwuid(os.geteuid()).pw_name
        (self.folder / "devices" / "d1").mkdir(parents=True)
        (self.folder / "swift.conf").write_text(SWIFT_CONF)
        for kind, port in self.ports.items():
            common = COMMON_CONF.format(port=port, user=user, folder=self.folder)
            own = PROXY_CONF if kind == "proxy" else STORE_CONF
            filters = "".join(
                f"[filter:{name}]\nuse = egg:swift#{name}\n"
                for name in PIPELINE.split()
                if kind == "proxy" and f"[filter:{name}]" not in own and name != "proxy-server"
            )
            conf = common + own.format(kind=kind, pipeline=PIPELINE) + filters
            (self.folder / f"{kind}.conf").write_text(conf)

    def _process(self, kind: str) -> ServerProcess:
        program = find_program(f"swift-{kind}-server", HOME)
        return ServerProcess(
            [program, str(self.folder / f"{kind}.conf")], log=self.folder / f"{kind}.log"
        )

    def _all_listen(self) -> bool:
        return all(is_listening(port) for port in self.ports.values())
