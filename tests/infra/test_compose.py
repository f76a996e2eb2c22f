"""docker-compose.yml and the workflows are valid; compose gives out no secret of its own."""

import re
from pathlib import Path

import pytest

from crispdeck.queue.names import QueueName
from tests.infra.manifests import (
    COMPOSE,
    INFRA,
    REPOSITORY,
    complaints,
    queues_of,
    services,
    worker_commands,
)

WORKFLOWS = REPOSITORY / ".github" / "workflows"
OURS = {name for name, each in services().items() if "build" in each}


def test_compose_follows_its_schema() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    assert complaints("check-jsonschema", *schema, COMPOSE) == ""


def test_yaml_is_tidy() -> None:
    assert complaints("yamllint", "--strict", COMPOSE, INFRA, WORKFLOWS) == ""


@pytest.mark.parametrize("workflow", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.name)
def test_workflows_follow_their_schema(workflow: Path) -> None:
    schema = ("--builtin-schema", "vendor.github-workflows")
    assert complaints("check-jsonschema", *schema, workflow) == ""


def test_every_variable_is_in_the_example_environment() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE.read_text()))
    named = set(re.findall(r"^#?(\w+)=", (INFRA / "env.example").read_text(), re.MULTILINE))
    assert asked - named == set()


def test_secrets_have_no_default() -> None:
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|KEY)\w*)([^}]*)\}", COMPOSE.read_text())
    assert len(secrets) >= 4
    assert {name for name, rest in secrets if not rest.startswith(":?")} == set()


def test_images_carry_a_version() -> None:
    foreign = {each["image"] for name, each in services().items() if name not in OURS}
    assert {image for image in foreign if not re.search(r":[\w.-]*\d[\w.-]*\}$", image)} == set()


def test_every_queue_has_workers_and_no_other_is_named() -> None:
    named = [name for command in worker_commands("compose") for name in queues_of(command)]
    assert set(named) == set(QueueName)


def test_a_person_who_waits_comes_before_a_deck() -> None:
    upscaling = [c for c in map(queues_of, worker_commands("compose")) if "bulk" in c]
    assert upscaling == [["interactive", "bulk"]] * 2


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_services_may_do_as_little_as_possible(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_dockerfiles_exist(name: str) -> None:
    build = services()[name]["build"]
    assert (REPOSITORY / build["context"] / build["dockerfile"]).is_file()


def test_who_waits_for_a_healthy_service_waits_for_one_that_says_so() -> None:
    checked = {name for name, each in services().items() if "test" in each.get("healthcheck", {})}
    for name, service in services().items():
        for other, needs in service.get("depends_on", {}).items():
            if needs["condition"] == "service_healthy":
                assert other in checked or _has_healthcheck(other), f"{name} waits for {other}"


def test_redis_keeps_its_messages() -> None:
    command = " ".join(services()["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_only_web_and_storage_can_be_reached_from_outside() -> None:
    assert {name for name, each in services().items() if "ports" in each} == {"web", "storage"}


def _has_healthcheck(name: str) -> bool:
    dockerfile = Path(REPOSITORY / services()[name]["build"]["dockerfile"])
    return "HEALTHCHECK" in dockerfile.read_text()
