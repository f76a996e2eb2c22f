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
OURS = {name for name, each in services().items() if "-crispdeck-" in each["image"]}
BUILT = {name for name in OURS if "build" in services()[name]}


def test_compose_follows_its_schema(tmp_path: Path) -> None:
    """As compose reads it: the schema knows no variables where it names words."""
    read = tmp_path / COMPOSE.name
    read.write_text(re.sub(r"(?<!\$)\$\{\w+:-([^}]*)\}", r"\1", COMPOSE.read_text()))
    schema = ("--builtin-schema", "vendor.compose-spec")
    assert complaints("check-jsonschema", *schema, read) == ""


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


@pytest.mark.parametrize("name", sorted(BUILT))
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


def test_only_web_storage_and_the_proxy_can_be_reached_from_outside() -> None:
    assert {name for name, each in services().items() if "ports" in each} == {
        *("web", "storage", "proxy"),
    }


def test_each_image_of_ours_is_built_once() -> None:
    images = [services()[name]["image"] for name in BUILT]
    assert len(images) == len(set(images))
    assert set(images) == {services()[name]["image"] for name in OURS}


def test_the_database_is_asked_over_tcp_and_given_time_for_its_first_start() -> None:
    check = services()["postgres"]["healthcheck"]
    assert "-h 127.0.0.1" in check["test"][1]
    assert check["start_period"] == "60s"


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_stop_reaches_ours_before_they_listen_for_it(name: str) -> None:
    assert services()[name]["init"] is True


@pytest.mark.parametrize("name", sorted(set(services()) - {"storage-init"}))
def test_no_service_fills_the_disk_with_logs_or_the_memory(name: str) -> None:
    service = services()[name]
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])
    assert "mem_limit" in service


@pytest.mark.parametrize("name", sorted(services()))
def test_no_volume_is_without_a_name(name: str) -> None:
    assert all(":" in volume for volume in services()[name].get("volumes", []))


def test_builds_take_base_images_and_a_pip_configuration() -> None:
    for name in BUILT:
        build = services()[name]["build"]
        assert "PYTHON_IMAGE" in build["args"]
        assert build["secrets"] == ["pip_conf"]


def test_where_the_web_server_listens_in_its_container_is_not_taken_from_env() -> None:
    environment = services()["web"]["environment"]
    assert (environment["CRISPDECK_HOST"], environment["CRISPDECK_PORT"]) == ("0.0.0.0", "8000")


def _has_healthcheck(name: str) -> bool:
    dockerfile = Path(REPOSITORY / services()[name]["build"]["dockerfile"])
    return "HEALTHCHECK" in dockerfile.read_text()
