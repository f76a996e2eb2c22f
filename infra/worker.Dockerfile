# The workers: Celery, the networks and their weights, no Flask, no laboratory, no root.
#   docker build -f infra/worker.Dockerfile -t crispdeck-worker .
# What takes decks apart and puts them together, and what asks for sweeps, needs no network; its
# image is a tenth as large:
#   docker build -f infra/worker.Dockerfile --build-arg EXTRA=cpu-worker -t crispdeck-worker-cpu .
# PyPI's torch for Linux on x86-64 carries CUDA and runs without a GPU as well, so one image
# serves both. For a far smaller one without CUDA, hand in a pip configuration that finds a CPU
# build of the same version; it is used for the build and not kept:
#   docker build --secret id=pip_conf,src=pip.conf …

ARG PYTHON_IMAGE=python:3.11-slim-bookworm
ARG EXTRA=worker

FROM ${PYTHON_IMAGE} AS build
ARG EXTRA
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# What is installed changes rarely, our own code often: two layers.
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    python -m venv /venv \
    && /venv/bin/pip install -c constraints.txt --upgrade pip \
    && /venv/bin/pip install -c constraints.txt ".[$EXTRA]"
COPY crispdeck crispdeck
COPY worker worker
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    /venv/bin/pip install --no-deps --force-reinstall .

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Crispdeck worker" \
      org.opencontainers.image.licenses="Apache-2.0"
# A name for the number, so that commands can say who ran them.
RUN groupadd --gid 10001 crispdeck \
    && useradd --uid 10001 --gid 10001 --home-dir /tmp --no-create-home \
        --shell /usr/sbin/nologin crispdeck
COPY --from=build /venv /venv
# REMAP_SIGTERM makes `docker stop` the soft shutdown: finish the picture, then leave.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 REMAP_SIGTERM=SIGQUIT \
    HOME=/tmp CRISPDECK_DATA_DIR=/tmp/crispdeck WORKER_NAME=cpu
# Nothing is written outside /tmp, so the rest may be mounted read-only.
USER 10001:10001
WORKDIR /tmp
# A worker answers a ping even while it works; `celery beat` has nothing to ask (see compose).
HEALTHCHECK --interval=60s --timeout=30s --start-period=60s --start-interval=5s \
    CMD ["sh", "-c", "celery -A worker.app inspect ping --timeout 10 -d \"$WORKER_NAME@$HOSTNAME\""]
CMD ["celery", "-A", "worker.app", "worker", "-Q", "cpu,maintenance", "-c", "1", "-n", "cpu@%h", \
     "--loglevel", "INFO"]
