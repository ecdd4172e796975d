"""Every command and query in the documents is one that works."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import cast

import httpx2
import pytest
from graphql import build_schema, parse, validate

from server import settings
from tests.house import documents, tree

README = "README.md"
# Commands of others, of which only the files they read are ours.
OTHERS = {"git", "cd", "curl", "docker", "export", "npm", "npx", "python3", "source"}
# Commands of ours that have commands of their own.
GROUPS = {"neo4j", "segments"}
ASSIGNMENT = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")


def objections(words: tuple[str, ...]) -> list[str]:
    """Return what is wrong with a command, as far as that shows without running it."""
    variables = [found[1] for word in words if (found := ASSIGNMENT.fullmatch(word))]
    wrong = [
        f"{name} is no setting"
        for name in variables
        if name.startswith(settings.PREFIX) and name not in settings.variables()
    ]
    command, *rest = [word for word in words if not ASSIGNMENT.fullmatch(word)]
    match command:
        case "make":
            return wrong + [f"no target {name}" for name in rest if name not in targets()]
        case "pip":
            asked = ",".join(re.findall(r"segraph\[(.+)\]", " ".join(rest))).split(",")
            return wrong + [f"no extra {name}" for name in asked if name not in {"", *extras()}]
        case "segraph":
            return wrong + _unknown_to_segraph(rest)
        case _ if command in OTHERS:
            return wrong
        case _:
            return [*wrong, f"{command} is not a command that is known here"]


def _unknown_to_segraph(words: list[str]) -> list[str]:
    path = words[:2] if words[0] in GROUPS else words[:1]
    options = [word.partition("=")[0] for word in words if word[:2] == "--"]
    if not re.search(rf"\b{path[-1]}\b", told(*path[:-1])):
        return [f"no command segraph {' '.join(path)}"]
    name = " ".join(path)
    return [f"segraph {name} has no {option}" for option in options if option not in told(*path)]


@cache
def told(*command: str) -> str:
    """Return the help of `segraph`, or of one of its commands."""
    wide = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    return tree.run("segraph", *command, "--help", environ=wide)


def targets() -> set[str]:
    """Return what `make` can be asked for."""
    return set(re.findall(r"^([a-z-]+):", tree.text("Makefile"), re.MULTILINE))


def extras() -> set[str]:
    """Return what may stand in brackets after the project's name."""
    return set(tree.project()["project"]["optional-dependencies"])


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("make", "demo"), []),
        (("make", "tea"), ["no target tea"]),
        (("pip", "install", "segraph[local]"), []),
        (("pip", "install", "segraph[cloud]"), ["no extra cloud"]),
        (("pip", "install", "segraph[local,cloud]"), ["no extra cloud"]),
        (("pip", "install", "gql[websockets]"), []),
        (("SEGRAPH_PORT=9000", "docker", "compose", "up"), []),
        (("SEGRAPH_PRT=9000", "docker", "compose", "up"), ["SEGRAPH_PRT is no setting"]),
        (("brew", "install"), ["brew is not a command that is known here"]),
    ],
    ids=" ".join,
)
def test_a_wrong_command_is_seen(words: tuple[str, ...], wrong: list[str]) -> None:
    """A command of ours that does not exist is noticed."""
    assert objections(words) == wrong


@pytest.mark.process
@pytest.mark.parametrize("document", documents.DOCUMENTS)
def test_each_command_exists(document: str) -> None:
    """Each command of a document's `sh` blocks is one that make, pip or segraph takes."""
    wrong = {" ".join(words): objections(words) for words in documents.commands(document)}

    assert {command: found for command, found in wrong.items() if found} == {}


def test_the_readme_has_the_two_commands_and_a_query() -> None:
    """Whoever opens the README sees how to start, how to test, and what a question looks like."""
    commands = documents.commands(README)
    languages = {block.language for block in documents.blocks(README)}

    assert ("make", "demo") in commands
    assert ("make", "test") in commands
    assert "graphql" in languages


def test_ci_runs_the_command_that_the_readme_names() -> None:
    """What a change must pass is what anybody can run."""
    script = tree.ROOT / ".ci" / "run"

    assert re.search(r"^make test\b", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert script.stat().st_mode & 0o111


def test_each_query_is_valid() -> None:
    """Each query of the documents is one that the published schema takes."""
    schema = build_schema(Path(tree.ROOT / "schema" / "schema.graphql").read_text("utf-8"))

    wrong = {
        block.place: [problem.message for problem in problems]
        for document in documents.DOCUMENTS
        for block in documents.blocks(document)
        if block.language == "graphql" and (problems := validate(schema, parse(block.text)))
    }

    assert wrong == {}


@pytest.mark.engine
@pytest.mark.process
@pytest.mark.timeout(300)  # it may be the one that waits until the demo has been loaded
def test_each_query_is_answered(demo_server: str) -> None:
    """Each query of the README is answered by the demo, in the shape that the README shows."""
    found = documents.blocks(README)

    for block, after in zip(found, (*found[1:], None), strict=True):
        if block.language != "graphql":
            continue
        answer = httpx2.post(
            f"{demo_server}/graphql", json={"query": block.text}, timeout=60
        ).json()
        assert "errors" not in answer, block.place
        if after is not None and after.language == "json":
            assert shape(answer) == shape(json.loads(after.text)), after.place


def shape(value: object) -> object:
    """Return the keys and kinds of an answer; of its values `text` alone, which no day changes."""
    match value:
        case dict():
            fields = cast("dict[str, object]", value)
            return {
                name: inner if name == "text" else shape(inner) for name, inner in fields.items()
            }
        case list() if value:  # like its first
            return [shape(cast("list[object]", value)[0])]
        case _:
            return type(value).__name__


def test_a_shape_has_no_values() -> None:
    """Two answers with other values are alike, two with other fields or another text are not."""
    assert shape({"a": [{"b": 1}, {"b": 2}]}) == shape({"a": [{"b": 7}]})
    assert shape({"a": 1}) != shape({"a": "1"})
    assert shape({"a": 1}) != shape({"b": 1})
    assert shape({"text": "a"}) != shape({"text": "b"})
