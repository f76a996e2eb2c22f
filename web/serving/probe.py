"""`python -m web.serving.probe`: ask the web server of this container if it lives."""

import http.client
import ssl
import sys

from crispdeck.settings import Settings

WITHIN_S = 4.0  # for an answer: below the timeout of the containers' probes


def main() -> None:
    """End with 0 if it does."""
    settings = Settings.of_server()
    connection: http.client.HTTPConnection
    if settings.has_tls:
        context = ssl.create_default_context()
        # We ask ourselves, by an address for which the certificate need not be.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(
            "127.0.0.1", settings.port, timeout=WITHIN_S, context=context
        )
    else:
        connection = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=WITHIN_S)
    connection.request("GET", "/healthz")
    sys.exit(connection.getresponse().status != 200)


if __name__ == "__main__":
    main()
