"""What the deployment files say, as plain data, and what other people's checkers say of them."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).parents[2]
INFRA = REPOSITORY / "infra"
COMPOSE = REPOSITORY / "docker-compose.yml"
DOCKERFILES = sorted(INFRA.glob("*.Dockerfile"))
KUBERNETES = INFRA / "k8s"
MANIFESTS = sorted(path for path in KUBERNETES.rglob("*.yaml") if path.name != "kustomization.yaml")
DEPLOYMENT_FILES = [COMPOSE, *DOCKERFILES, *MANIFESTS]


def documents(path: Path) -> list[dict[str, Any]]:
    """Return every YAML document in a file."""
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def services() -> dict[str, dict[str, Any]]:
    """Return the services of docker-compose.yml by name, anchors resolved."""
    found: dict[str, dict[str, Any]] = documents(COMPOSE)[0]["services"]
    return found


def deployments() -> dict[str, dict[str, Any]]:
    """Return the Kubernetes deployments by name."""
    every = [each for path in MANIFESTS for each in documents(path)]
    return {each["metadata"]["name"]: each for each in every if each["kind"] == "Deployment"}


def pod_of(deployment: dict[str, Any]) -> dict[str, Any]:
    """Return the pod's specification."""
    found: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return found


def worker_commands(source: str) -> list[list[str]]:
    """Return the command of every worker of "compose" or "kubernetes"."""
    if source == "compose":
        commands = [each.get("command", []) for each in services().values()]
    else:
        commands = [
            pod_of(each)["containers"][0].get("command", []) for each in deployments().values()
        ]
    return [each for each in commands if "worker" in each]


def queues_of(command: list[str]) -> list[str]:
    """Return the queues that a worker's command consumes, in their order."""
    return command[command.index("-Q") + 1].split(",")


def instructions(dockerfile: Path) -> Iterator[tuple[str, str]]:
    """Give every instruction of a Dockerfile with its argument, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text(), flags=re.MULTILINE)
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, " ".join(rest.split())


def complaints(checker: str, *arguments: str | Path) -> str:
    """Run a checker of our environment and return what it prints if it is not content."""
    checked = subprocess.run(
        [Path(sys.executable).with_name(checker), *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    return checked.stdout + checked.stderr if checked.returncode else ""
