"""What the documents list is what the code has, and what they show is what comes out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from graph.conditions import Condition
from graph.ingest.usual import USUAL
from server.library import library
from server.transfer.mapping import FIELDS
from server.transfer.rows import REQUIRED
from tests.graph.warnings.test_cost import DEAR
from tests.graph.warnings.told import TOLD
from tests.house import documents, tree
from tests.server.command import segraph, serving

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local import Running

IMPORTING = "docs/importing.md"
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
# Commands that end by themselves and need no more than a server.
ENDING = ("import", "export", "doctor", "schema", "segments")
THERE = "bolt://localhost:7687"


def table(document: str, head: str) -> list[list[str]]:
    """Return the cells of the table that begins with a column of this name."""
    text = tree.text(document)
    body = text[text.index(f"\n| {head} |") :].partition("\n\n")[0]
    return [row.split(" | ") for row in ROW.findall(body)[1:]]


def test_the_conditions_are_those_that_exist() -> None:
    """The README tells of each condition, and of no other."""
    told = [name.strip("`") for name, _ in table("README.md", "condition")]

    assert told == list(Condition.choices)


def test_the_ready_segments_are_those_of_the_library() -> None:
    """The README tells of each ready segment, and of its parameters with their defaults."""
    expected = [
        [
            f"`{key}`",
            each.description,
            ", ".join(f"`{name}`: {value}" for name, value in each.parameters.items()),
        ]
        for key, each in library().items()
    ]

    assert table("README.md", "segment") == expected


def test_the_warnings_are_those_that_are_told() -> None:
    """The README tells of each code of a warning, and of no other."""
    told = [name for names, _ in table("README.md", "code") for name in names.split(", ")]

    expected = {code for _, code, *_ in TOLD.values()} | {code for _, code, *_ in DEAR.values()}
    assert {name.strip("`") for name in told} == expected | {"NOT_ALL_COMPARED", "NOT_ALL_KEPT"}
    assert len(told) == len(set(told))


def test_the_usual_names_are_those_that_work() -> None:
    """The guide lists each usual name, what it is about, and what names the thing."""
    expected = [
        [name, usual.about.value.lower(), ", ".join(f"`{each}`" for each in usual.named_by)]
        for name, usual in USUAL.items()
    ]

    assert table(IMPORTING, "event") == expected


def test_the_lines_are_those_that_are_taken() -> None:
    """The guide tells of each type of line that a server takes, and of each of its fields."""
    for kind, needed, more in table(IMPORTING, "type"):
        name = kind.strip("`")
        required = tuple(re.findall(r"`(\w+)`", needed))
        others = set(re.findall(r"`(\w+)`", more))
        columns = {field.partition(".")[0] for field in FIELDS[name]}

        assert required == REQUIRED[name]
        assert columns - set(required) <= others
        assert others - columns <= {"properties", "traits"}


@pytest.mark.engine
@pytest.mark.process
@pytest.mark.parametrize("document", ["README.md", IMPORTING])
def test_each_command_works(document: str, emptied: Running, tmp_path: Path) -> None:
    """The commands of a document, in their order and on the files that the guide shows, all do."""
    for name, text in documents.files(IMPORTING).items():
        (tmp_path / name).write_text(text)
    commands = [words[1:] for words in documents.commands(document) if words[0] == "segraph"]

    done = [
        segraph(
            *words,
            folder=tmp_path,
            SEGRAPH_GRAPH=emptied.address,
            SEGRAPH_PASSWORD=emptied.password,
        ).args[1]
        for words in commands
        if words[0] in ENDING
    ]

    assert {"import", "export"} <= set(done)
    assert (tmp_path / "everything.ndjson.gz").stat().st_size > 0


@pytest.mark.engine
@pytest.mark.process
def test_a_server_at_an_address_is_as_told(emptied: Running, tmp_path: Path) -> None:
    """The README's command for a Neo4j of one's own serves on it."""
    (words,) = [each for each in documents.commands("README.md") if THERE in each]
    told = [emptied.address if word == THERE else word for word in words[1:]]
    more = ("--port", 0, "--data", tmp_path)

    with serving(*told, *more, folder=tmp_path, SEGRAPH_PASSWORD=emptied.password) as (line, _):
        assert line.startswith("segraph ready on http://127.0.0.1:")
