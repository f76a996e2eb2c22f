"""The Kubernetes manifests: valid for their version, locked down, agreeing with the code."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from sqlalchemy import create_engine, text

from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from tests.infra.manifests import (
    KUBERNETES,
    MANIFESTS,
    deployments,
    documents,
    pod_of,
    queues_of,
    worker_commands,
)

VERSION = "1.37"
EVERY = [each for path in MANIFESTS for each in documents(path)]
BUILT_IN = [each for each in EVERY if "keda.sh" not in each["apiVersion"]]
KEDA = [each for each in EVERY if each["kind"] == "ScaledObject"]

by_deployment = pytest.mark.parametrize("name", sorted(deployments()))


def _name(manifest: dict[str, Any]) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


@pytest.mark.parametrize("manifest", BUILT_IN, ids=_name)
def test_it_follows_the_schema(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, VERSION, strict=True)


@pytest.mark.parametrize("kustomization", sorted(KUBERNETES.rglob("kustomization.yaml")), ids=str)
def test_every_file_is_in_its_kustomization(kustomization: Path) -> None:
    listed = {
        name for name in yaml.safe_load(kustomization.read_text())["resources"] if "/" not in name
    }
    present = {path.name for path in kustomization.parent.glob("*.yaml")} - {kustomization.name}
    assert listed == present


@by_deployment
def test_a_pod_may_do_as_little_as_possible(name: str) -> None:
    pod = pod_of(deployments()[name])
    container = pod["containers"][0]["securityContext"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["readOnlyRootFilesystem"] is True
    assert container["allowPrivilegeEscalation"] is False
    assert container["capabilities"] == {"drop": ["ALL"]}


@by_deployment
def test_no_variable_appears_that_is_not_a_setting(name: str) -> None:
    # Settings refuse unknown CRISPDECK_ variables, and service links would add some.
    assert pod_of(deployments()[name])["enableServiceLinks"] is False


@by_deployment
def test_selectors_find_their_own_pods(name: str) -> None:
    spec = deployments()[name]["spec"]
    assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]


def test_secrets_are_only_named() -> None:
    assert [each for each in EVERY if each["kind"] == "Secret"] == []


def test_every_queue_has_workers_and_no_other_is_named() -> None:
    named = [name for command in worker_commands("kubernetes") for name in queues_of(command)]
    assert sorted(named) == sorted(QueueName)


def test_workers_get_the_time_that_a_shutdown_takes() -> None:
    for command in worker_commands("kubernetes"):
        name = next(n for n, d in deployments().items() if _command(d) == command)
        assert pod_of(deployments()[name])["terminationGracePeriodSeconds"] > 30


def test_there_is_one_sweeper_at_a_time() -> None:
    spec = deployments()["sweeper"]["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}


def test_a_gpu_worker_has_a_gpu_of_its_own() -> None:
    gpu = deployments()["worker-gpu"]
    command = _command(gpu)
    assert pod_of(gpu)["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == 1
    assert command[command.index("-c") + 1] == "1"
    assert gpu["spec"]["strategy"] == {"type": "Recreate"}


def test_scaling_looks_at_real_queues_and_deployments() -> None:
    triggers = [trigger for each in KEDA for trigger in each["spec"]["triggers"]]
    lists = {each["metadata"]["listName"] for each in triggers if each["type"] == "redis"}
    assert lists == {QueueName.INTERACTIVE, QueueName.BULK, QueueName.CPU}
    assert {each["spec"]["scaleTargetRef"]["name"] for each in KEDA} <= set(deployments())


def test_scaling_asks_postgresql_what_it_can_answer(postgres_url: str) -> None:
    db = Database(postgres_url)
    db.migrate()
    db.dispose()
    queries = [
        trigger["metadata"]["query"]
        for each in KEDA
        for trigger in each["spec"]["triggers"]
        if trigger["type"] == "postgresql"
    ]
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        counts = [connection.execute(text(query)).scalar_one() for query in queries]
    engine.dispose()
    assert counts == [0]


def _command(deployment: dict[str, Any]) -> list[str]:
    found: list[str] = pod_of(deployment)["containers"][0].get("command", [])
    return found
