"""The image and the compose file, as far as they can be judged where no Docker runs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from server import settings
from tests.house import image, tree


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Return the compose file's services."""
    return YAML(typ="safe", pure=True).load(tree.text("docker-compose.yml"))["services"]  # pyright: ignore[reportUnknownMemberType]


def test_the_compose_file_is_one() -> None:
    """The compose file meets the schema of the Compose Specification."""
    told = tree.run(
        "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"
    )

    assert told.strip() == "ok -- validation done"


def test_ports_are_on_loopback(services: dict[str, Any]) -> None:
    """Nothing is reachable from outside until somebody decides so."""
    ports = [port for service in services.values() for port in service["ports"]]

    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_server_waits_for_the_graph(services: dict[str, Any]) -> None:
    """The server starts once the graph's health check, which asks it for a row, has passed."""
    assert services["server"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert "RETURN 1" in services["neo4j"]["healthcheck"]["test"][1]


def test_the_graph_outlives_its_container(services: dict[str, Any]) -> None:
    """The graph's data lies in a volume with a name."""
    assert services["neo4j"]["volumes"] == ["graph:/data"]


def test_each_variable_of_the_compose_file_is_a_setting(services: dict[str, Any]) -> None:
    """The compose file sets only what the server knows, and asks for nothing else."""
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", tree.text("docker-compose.yml")))

    assert set(services["server"]["environment"]) | asked <= settings.variables()


def test_there_is_no_password_of_ours(services: dict[str, Any]) -> None:
    """Without a password of one's own nothing starts."""
    demanded = r"\$\{SEGRAPH_PASSWORD:\?.+\}"

    assert re.fullmatch(f"neo4j/{demanded}", services["neo4j"]["environment"]["NEO4J_AUTH"])
    assert re.fullmatch(demanded, services["server"]["environment"]["SEGRAPH_PASSWORD"])


def test_all_that_is_copied_is_there() -> None:
    """Each file that the image is made of exists and passes .dockerignore; nothing else does."""
    copied = {word for each in image.instructions("COPY") for word in each.items[:-1]}

    assert copied == image.let_through()
    assert [name for name in sorted(copied) if not (tree.ROOT / name).exists()] == []
    assert set(tree.PACKAGES) <= copied


def test_the_image_is_of_a_python_that_fits() -> None:
    """The image's Python is the oldest that the project supports."""
    (base,) = image.instructions("FROM")

    assert base.words == "python:3.11-slim"
    assert tree.project()["project"]["requires-python"] == ">=3.11"


def test_the_server_is_not_root() -> None:
    """After all is installed, and before anything runs, root's rights are given up."""
    names = [each.name for each in image.instructions()]
    (user,) = image.instructions("USER")

    assert user.words not in {"root", "0"}
    assert f"useradd --create-home {user.words}" in [
        each.words for each in image.instructions("RUN")
    ]
    assert "RUN" not in names[names.index("USER") :]


def test_what_is_installed_is_known_by_its_hash() -> None:
    """The image installs from the lock file by hash, and the tree without any download."""
    installs = [each.words for each in image.instructions("RUN") if "pip install" in each.words]

    assert [install.split(maxsplit=2)[2] for install in installs] == [
        "--require-hashes -r locks/serve.lock",
        "--no-deps --no-build-isolation .",
    ]


def test_the_image_is_asked_whether_it_is_ready() -> None:
    """The image's health check asks the path that knows of the graph, at the port it serves."""
    (check,) = image.instructions("HEALTHCHECK")
    (entry,) = image.instructions("ENTRYPOINT")
    (port,) = image.instructions("EXPOSE")

    assert f"http://127.0.0.1:{port.words}/readyz" in check.words
    assert entry.items == ("segraph", "serve", "--host", "0.0.0.0", "--port", port.words)  # noqa: S104 - within the container
