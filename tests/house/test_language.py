"""docs/language.md tells of the language that there is, and its examples find whom it says."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse, value_from_ast_untyped

from graph import conditions
from graph.catalogue import uses
from graph.conditions import Condition
from graph.conditions import window as windows
from graph.times import read_instant
from server.library import library
from tests.house import documents, language, tree
from tests.server.live import live
from tests.worlds import members, subjects

if TYPE_CHECKING:
    from tests import engine

EXAMPLE = re.compile(r"```graphql\n(.*?)```\n\nFinds (.*?)\.$", re.DOTALL | re.MULTILINE)
NOW = "2026-03-10T12:00:00Z"


def examples() -> list[tuple[str, list[str]]]:
    """Return the queries of the document, each with the keys of those it finds."""
    found = EXAMPLE.findall(tree.text(language.DOCUMENT))
    return [(query, re.findall(r"`(.+?)`", told)) for query, told in found]


def where(query: str) -> dict[str, Any]:
    """Return the condition of a query, as JSON."""
    (operation,) = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    (field,) = operation.selection_set.selections
    assert isinstance(field, FieldNode)
    given = {each.name.value: value_from_ast_untyped(each.value) for each in field.arguments or ()}
    assert given["at"] == NOW
    return given["where"]


@cache
def world() -> list[dict[str, Any]]:
    """Return the lines of the document's small world."""
    (block,) = [each for each in documents.blocks(language.DOCUMENT) if each.language == "json"]
    return [json.loads(line) for line in block.text.splitlines()]


def test_the_tables_are_those_of_the_code() -> None:
    """Fields, types and defaults are told as they are; `make docs` writes them."""
    text = tree.text(language.DOCUMENT)

    assert language.written(text) == text


def test_each_condition_has_its_fields_and_an_example() -> None:
    """Each condition and window has a place of its own, with a table and an example."""
    text = tree.text(language.DOCUMENT)
    tables = re.findall(r"<!-- fields: (\w+) -->", text)
    headings = set(re.findall(r"^### `(\w+)`", text, re.MULTILINE))
    said = json.dumps([where(query) for query, _ in examples()])

    assert tables == list(Condition.choices)
    assert headings >= set(Condition.choices)
    words = (*Condition.choices, *windows.Window.choices)
    assert [word for word in words if f'"{word}":' not in said] == []


@pytest.mark.parametrize(("query", "keys"), examples())
def test_an_example_finds_whom_it_says(query: str, keys: list[str]) -> None:
    """Each example finds, by plain Python, those of the small world that the document names."""
    saved = {key: conditions.read(each.definition()) for key, each in library().items()}
    everybody = subjects(world(), read_instant(NOW), saved)

    found = members(conditions.read(where(query)), everybody, read_instant(NOW))

    assert found == keys


@pytest.mark.engine
@pytest.mark.process
def test_the_examples_are_answered_by_a_server(neo4j: engine.Running) -> None:
    """A server that was sent the small world answers each example as the document says."""
    with live(neo4j) as server:
        server.load(*world())
        told: dict[str, list[str]] = {}
        asked = [each for each in examples() if not uses(conditions.read(where(each[0])))]
        for query, _ in asked:
            audience = cast("dict[str, Any]", server.ask(query)["audience"])
            told[query] = [each["key"] for each in audience["members"]["nodes"]]

        assert told == dict(asked)
