"""What the documents list is what the code has, and what they show is what comes out."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
import pytest

from graph.conditions import Condition
from graph.ingest.usual import USUAL
from server.library import library
from server.transfer.mapping import FIELDS
from server.transfer.rows import REQUIRED
from tests.graph.warnings.test_cost import DEAR
from tests.graph.warnings.test_warnings import ALL_TOLD
from tests.house import documents, tree
from tests.server.command import segraph, serving

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local import Running

README = "README.md"
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
    told = [name.strip("`") for name, _ in table(README, "condition")]

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

    assert table(README, "segment") == expected


def test_the_warnings_are_those_that_are_told() -> None:
    """The README tells of each code of a warning, and of no other."""
    told = [name for names, _ in table(README, "code") for name in names.split(", ")]

    expected = {code for _, code, *_ in ALL_TOLD.values()} | {code for _, code, *_ in DEAR.values()}
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


def commands(document: str) -> list[tuple[str, ...]]:
    """Return the arguments of the commands of ours in a document."""
    return [words[1:] for words in documents.commands(document) if words[0] == "segraph"]


def write_files(folder: Path) -> None:
    """Write the files that the guide shows."""
    for name, text in documents.files(IMPORTING).items():
        (folder / name).write_text(text)


@pytest.mark.engine
@pytest.mark.process
def test_each_command_of_the_guide_works(emptied: Running, tmp_path: Path) -> None:
    """Its commands, in their order and on the files that it shows, all do."""
    write_files(tmp_path)

    done = [
        segraph(
            *words,
            folder=tmp_path,
            SEGRAPH_GRAPH=emptied.address,
            SEGRAPH_PASSWORD=emptied.password,
        ).args[1]
        for words in commands(IMPORTING)
        if words[0] in ENDING
    ]

    assert {"import", "export"} <= set(done)
    assert (tmp_path / "everything.ndjson.gz").stat().st_size > 0


@pytest.mark.process
@pytest.mark.timeout(300)
def test_a_graph_of_ones_own_is_as_told(tmp_path: Path) -> None:
    """The README's commands work as they stand beside the server that it starts.

    So does the table of the segment that it saves, which comes from the address in it.
    """
    write_files(tmp_path)
    home, small = str(tmp_path), {"SEGRAPH_LOCAL_HEAP_MIB": "512", "SEGRAPH_PORT": "0"}
    ours = [words for words in commands(README) if words[0] in {*ENDING, "neo4j"}]
    (table,) = [words[-1] for words in documents.commands(README) if words[0] == "curl"]

    with serving("serve", folder=tmp_path, XDG_DATA_HOME=home, **small) as (line, _):
        url = line.split()[3]
        done = [segraph(*words, folder=tmp_path, XDG_DATA_HOME=home).args[1] for words in ours]
        save_segment(url)
        rows = (
            httpx2.get(url + urlsplit(table).path, timeout=60).raise_for_status().text.splitlines()
        )

    assert ("serve",) in commands(README)
    assert set(done) == {"segments", "import", "export", "doctor", "neo4j"}
    assert (tmp_path / "everything.ndjson.gz").stat().st_size > 0
    assert rows[0].startswith("key,since,")


def save_segment(url: str) -> None:
    """Save the segment of the README, and wait until its members are kept."""
    (text,) = [each.text for each in documents.blocks(README) if "saveSegment(" in each.text]
    status = '{ segment(key: "pricing-clickers") { status } }'
    with httpx2.Client(base_url=url, timeout=60) as client:

        def data(query: str) -> Any:  # noqa: ANN401 - whatever is asked for
            return client.post("/graphql", json={"query": query}).json()["data"]

        assert data(text)["saveSegment"]["revision"] == 1
        while data(status)["segment"]["status"] != "LIVE":
            time.sleep(0.1)


@pytest.mark.engine
@pytest.mark.process
def test_a_server_at_an_address_is_as_told(emptied: Running, tmp_path: Path) -> None:
    """The README's command for a Neo4j of one's own serves on it."""
    (words,) = [each for each in commands(README) if THERE in each]
    told = [emptied.address if word == THERE else word for word in words]
    more = ("--port", 0, "--data", tmp_path)

    with serving(*told, *more, folder=tmp_path, SEGRAPH_PASSWORD=emptied.password) as (line, _):
        assert line.startswith("segraph ready on http://127.0.0.1:")
