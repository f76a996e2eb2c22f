"""Write the API's OpenAPI document, from which the task pane's types are made.

python -m infra.write_openapi openapi.json
"""

import json
import sys
import tempfile
from pathlib import Path

from crispdeck.settings import Settings
from web import document
from web.app import create_app
from web.engine import Engine


def openapi_text() -> str:
    """Return the document as indented JSON with a stable order."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder)))
        text = json.dumps(document.of(app), indent=1, sort_keys=True) + "\n"
        engine: Engine = app.extensions["crispdeck"]
        engine.db.dispose()
    return text


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(openapi_text())
