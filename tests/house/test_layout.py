"""Four packages, small files, short functions, layers that are held."""

from __future__ import annotations

import ast
from typing import Any, cast

from tests.house import tree

FILE_LIMIT = 350
FUNCTION_LIMIT = 40


def test_there_are_four_packages() -> None:
    """Code lives in four packages; beside them only tests, bench and web hold any."""
    folders = {name.partition("/")[0] for name in tree.sources() if "/" in name}

    assert folders - {"bench", "tests", "web"} == set(tree.PACKAGES)
    assert [name for name in tree.sources() if "/" not in name] == []


def test_the_wheel_ships_the_four_packages() -> None:
    """What is shipped is named, so that nothing slips in."""
    wheel = tree.project()["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert sorted(wheel["packages"]) == sorted(tree.PACKAGES)


def test_layers_are_held() -> None:
    """Contracts hold the four packages' order, and place each module of each on a floor."""
    contracts = cast("list[dict[str, Any]]", tree.project()["tool"]["importlinter"]["contracts"])
    layers = [contract for contract in contracts if contract["type"] == "layers"]

    assert ["server", "resolvers", "schema", "graph"] in [each["layers"] for each in layers]
    inside = [each for each in layers if "containers" in each]
    placed = {container for each in inside for container in each["containers"]}
    assert {*tree.PACKAGES, "graph.conditions", "graph.cypher", "graph.upkeep"} <= placed
    assert [each["name"] for each in inside if not each.get("exhaustive")] == []


def test_each_module_says_what_it_is_for() -> None:
    """A module starts with a sentence; a test folder's empty `__init__` needs none."""
    silent = [
        name
        for name in tree.sources()
        if tree.text(name).strip() and not ast.get_docstring(tree.parsed(name))
    ]

    assert silent == []


def test_files_are_small() -> None:
    """A file of more than 350 lines hides a noun that wants a file of its own."""
    lengths = {name: tree.text(name).count("\n") for name in tree.sources()}

    assert {name: lines for name, lines in lengths.items() if lines > FILE_LIMIT} == {}


def test_functions_are_short() -> None:
    """A function of more than 40 lines does more than one thing."""
    found = {
        f"{name}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name in tree.sources()
        for node in ast.walk(tree.parsed(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name: lines for name, lines in found.items() if lines > FUNCTION_LIMIT} == {}
