# The web server: Flask and what it stands on, the built task pane, no torch, no compiler, no root.
#   docker build -f infra/web.Dockerfile -t crispdeck-web .
# A pip configuration of your own (a mirror) is used for the build and not kept:
#   docker build --secret id=pip_conf,src=pip.conf …

ARG PYTHON_IMAGE=python:3.11-slim-bookworm
ARG NODE_IMAGE=node:22-bookworm-slim

# The PowerPoint task pane: files to be served, no Node in the image.
FROM ${NODE_IMAGE} AS pane
WORKDIR /src/addin
COPY addin/package.json addin/package-lock.json addin/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY addin/vite.config.ts ./
COPY addin/manifest manifest
COPY addin/public public
COPY addin/src src
RUN npm run build

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# What is installed changes rarely, our own code often: two layers.
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    python -m venv /venv \
    && /venv/bin/pip install -c constraints.txt --upgrade pip \
    && /venv/bin/pip install -c constraints.txt '.[web,oidc]'
COPY crispdeck crispdeck
COPY web web
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    /venv/bin/pip install --no-deps --force-reinstall .

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Crispdeck web" \
      org.opencontainers.image.licenses="Apache-2.0"
# A name for the number, so that commands can say who ran them.
RUN groupadd --gid 10001 crispdeck \
    && useradd --uid 10001 --gid 10001 --home-dir /tmp --no-create-home \
        --shell /usr/sbin/nologin crispdeck
COPY --from=build /venv /venv
COPY --from=pane /src/addin/dist /srv/addin
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp CRISPDECK_DATA_DIR=/tmp/crispdeck CRISPDECK_ADDIN_DIR=/srv/addin \
    CRISPDECK_HOST=0.0.0.0 CRISPDECK_PORT=8000
# Nothing is written outside /tmp, so the rest may be mounted read-only.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "web.serving.probe"]
# One process: all waiting is done in its event loop, the rest in threads and confined processes.
CMD ["python", "-m", "web.serving", "--worker-tmp-dir", "/dev/shm"]
