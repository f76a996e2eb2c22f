"""Write infra/env.example and docs/settings.md from the settings themselves (`make docs`)."""

from collections.abc import Sequence
from pathlib import Path

from crispdeck.settings import SettingDescription, describe

REPOSITORY = Path(__file__).parents[1]

ENV_HEAD = """\
# Everything that can be set, with its default: copy to .env at the top of the repository.
# Made by `make docs` from crispdeck/settings.py.

# --- What docker-compose.yml asks for --------------------------------------------------------
# Letters and digits only, since they become parts of URLs; `openssl rand -hex 24` makes a good one.
REDIS_PASSWORD=
POSTGRES_PASSWORD=
S3_ACCESS_KEY=
S3_SECRET_KEY=

# Where browsers and the add-in reach the two open ports.
#WEB_ADDRESS=127.0.0.1:8000
#STORAGE_ADDRESS=127.0.0.1:9000
#PUBLIC_STORAGE_URL=http://localhost:9000

# Images; pin a digest (name@sha256:...) in production.
#WEB_IMAGE=crispdeck-web
#WORKER_IMAGE=crispdeck-worker
#WORKER_CPU_IMAGE=crispdeck-worker-cpu
#REDIS_IMAGE=redis:7.4-alpine
#POSTGRES_IMAGE=postgres:17-alpine
#STORAGE_IMAGE=rustfs/rustfs:1.0.0-rc.3
#AWS_CLI_IMAGE=amazon/aws-cli:2.31.0
#PROXY_IMAGE=caddy:2.10-alpine

# Whether our images are fetched: `missing` or `always` where a registry has them; `never` where
# they are built here.
#PULL_POLICY=never

# What the images are built from, and a pip.conf for the build (a mirror, PyTorch without CUDA).
#PYTHON_IMAGE=python:3.11-slim-bookworm
#NODE_IMAGE=node:22-bookworm-slim
#PIP_CONF=./infra/pip.conf

# Memory of a container that upscales; 16 megapixels on a CPU need 3 GiB.
#UPSCALE_MEMORY=8g

# Under which name the proxy (profile tls) serves; it fetches a certificate for it. Then also
# CRISPDECK_TRUSTED_PROXIES=1.
#SITE_ADDRESS=localhost

# --- Crispdeck's own settings ----------------------------------------------------------------
# docker-compose.yml sets the database, the broker and the store itself.
"""

PAGE_HEAD = """\
# Settings

Every setting is an environment variable; an empty one counts as not set, an unknown one that
starts with `CRISPDECK_` is an error, and so is a value that is not allowed: no program starts with
one, each says what would be allowed (`settings_invalid`), and `crispdeck settings` shows all of
them. The defaults are the laptop's stack. This page and `infra/env.example` are made by `make docs`
from `crispdeck/settings.py`.

| variable | default | meaning | allowed |
|---|---|---|---|
"""


def env_example(settings: Sequence[SettingDescription]) -> str:
    """Return the example environment: the passwords of compose, then every setting."""
    lines = [
        f"# {each.meaning}\n# Allowed: {each.rule}.\n#{each.env_name}={each.default}\n"
        for each in settings
    ]
    return ENV_HEAD + "\n" + "\n".join(lines)


def settings_page(settings: Sequence[SettingDescription]) -> str:
    """Return the page of the documentation: one row per setting."""
    rows = [
        f"| `{each.env_name}` | {f'`{each.default}`' if each.default != '' else ''} "
        f"| {each.meaning} | {each.rule} |\n"
        for each in settings
    ]
    return PAGE_HEAD + "".join(rows)


if __name__ == "__main__":
    (REPOSITORY / "infra" / "env.example").write_text(env_example(describe()))
    (REPOSITORY / "docs" / "settings.md").write_text(settings_page(describe()))
