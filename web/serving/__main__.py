"""`python -m web.serving`: the web server by itself, as the settings say.

Arguments are gunicorn's and win over ours; `--bind fd://3` takes a socket that is open already.
"""

import sys

from gunicorn.app.wsgiapp import run

from crispdeck.settings import Settings

CONNECTIONS = 10_000
"""Of one process: each costs some 20 KB while it waits."""
KEEP_ALIVE_S = 60
"""An add-in keeps its connection between two clicks."""
GRACE_S = 25
"""What is in work when the server is asked to end may take so long."""


def arguments(settings: Settings, more: list[str]) -> list[str]:
    """Return the arguments for gunicorn."""
    own = [
        *("--worker-class", "web.serving.worker.Worker", "--workers", "1"),
        *("--worker-connections", str(CONNECTIONS), "--keep-alive", str(KEEP_ALIVE_S)),
        *("--graceful-timeout", str(GRACE_S), "--no-control-socket"),
        *("--log-level", settings.log_level.lower()),
    ]
    if "--bind" not in more:
        own += ["--bind", f"{settings.host}:{settings.port}"]
    if settings.has_tls:
        own += ["--certfile", settings.tls_certificate_file, "--keyfile", settings.tls_key_file]
    return [*own, *more, "web.serving.worker:create_server()"]


def main() -> None:
    """Serve until SIGTERM."""
    sys.argv = ["gunicorn", *arguments(Settings.of_server(), sys.argv[1:])]
    run()


if __name__ == "__main__":
    main()
