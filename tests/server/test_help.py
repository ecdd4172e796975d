"""The help of every command: whole, with words for each option, in words of the command."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from graph.local import VERSION
from server.cli import app
from server.demo.command import DataSet

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = ("serve", "demo", "import", "export", "doctor", "schema", "segments", "neo4j")
COMMANDS = (
    (),
    *((name,) for name in ROOT),
    *(("segments", name) for name in ("list", "show", "add")),
    *(("neo4j", name) for name in ("fetch", "address")),
)


def told(*command: str) -> str:
    """Return the help of a command as a terminal of 80 columns has it."""
    ended = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "80"})
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield the options or commands that a help lists, each with what is said of it."""
    parts = re.split(r"\n(?:Options|Commands|Arguments):\n", text)[1:]
    listed = [part.partition("\n\n")[0] for part in parts]  # what follows is no entry
    for found in re.finditer(
        r"^  (-{0,2}\w[\w-]*)(.*(?:\n {10,}.*)*)", "\n".join(listed), re.MULTILINE
    ):
        yield found[1], " ".join(found[2].split())


def test_the_commands_are_all_listed() -> None:
    """What the tests of this file look at is every command there is."""
    names = {name for name, _ in entries(told())}
    groups = {group: [n for n, _ in entries(told(group))] for group in ("segments", "neo4j")}

    assert names == {"--version", "--help", *ROOT}
    assert groups == {
        "segments": ["--help", "list", "show", "add"],
        "neo4j": ["--help", "fetch", "address"],
    }


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_help_is_whole(command: tuple[str, ...]) -> None:
    """Nothing is cut, each entry says something, and no default is in brackets of its own."""
    text = told(*command)
    body = text.partition("\n")[2]

    assert "..." not in body
    assert [name for name, said in entries(text) if not re.search(r"[a-z]{2} ", said)] == []
    assert "default: (" not in text
    assert re.findall(r"<(?:str|list)\b.*?>", text) == []


@pytest.mark.parametrize(
    ("command", "argument"),
    [
        (("import",), "FILE"),
        (("export",), "FILE"),
        (("segments", "show"), "KEY"),
        (("segments", "add"), "KEY"),
    ],
    ids=str,
)
def test_an_argument_is_told_of(command: tuple[str, ...], argument: str) -> None:
    """What stands in the usage is explained by the text below it."""
    usage, _, body = told(*command).partition("\n")

    assert argument in usage
    assert argument in body.partition("\nOptions:")[0]


def test_the_demo_tells_of_all_its_data() -> None:
    """Each data set is named, and what has to be installed for it."""
    text = told("demo")

    assert all(each.value in text for each in DataSet)
    assert "segraph[complete-journey]" in text


def test_the_version_is_told() -> None:
    """It is that of the package, with the Neo4j that it runs."""
    ended = CliRunner().invoke(app, ["--version"])

    assert (ended.exit_code, ended.stdout) == (
        0,
        f"segraph {metadata.version('segraph')} (its own Neo4j is {VERSION})\n",
    )
