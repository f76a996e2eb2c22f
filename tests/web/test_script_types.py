"""The types of the task pane and of the pages are those of the API as it is now."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.web.conftest import Web
from web import document

ADDIN = REPOSITORY / "addin"


@pytest.mark.skipif(
    not shutil.which("node") or not (ADDIN / "node_modules").is_dir(),
    reason="the task pane's tools are not installed: make addin",
)
def test_the_types_of_the_pane_are_in_step_with_the_api(web: Web, tmp_path: Path) -> None:
    source, made = tmp_path / "openapi.json", tmp_path / "api-types.ts"
    source.write_text(json.dumps(document.of(web.app), sort_keys=True))
    script = ADDIN / "scripts" / "api-types.mjs"
    subprocess.run(["node", str(script), str(source), str(made)], check=True, timeout=120)
    assert made.read_text() == (ADDIN / "src" / "server" / "api-types.ts").read_text(), (
        "run `make apitypes`"
    )


@pytest.mark.skipif(
    not shutil.which("node") or not (REPOSITORY / "node_modules").is_dir(),
    reason="the tools of the pages are not installed: make page",
)
def test_the_types_of_the_pages_are_in_step_with_the_api(web: Web, tmp_path: Path) -> None:
    source, made = tmp_path / "openapi.json", tmp_path / "api.d.ts"
    source.write_text(json.dumps(document.of(web.app), sort_keys=True))
    script = REPOSITORY / "infra" / "page-types.mjs"
    subprocess.run(["node", str(script), str(source), str(made)], check=True, timeout=120)
    assert made.read_text() == (REPOSITORY / "web" / "types" / "api.d.ts").read_text(), (
        "run `make apitypes`"
    )
