"""The tabs of the page, asked over the demo: the thirty definitions, as a new user types them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    value_from_ast_untyped,
)

from graph import conditions
from graph.times import DAY, instant_text
from server.demo import story
from server.library import library, ready
from tests.house import tree
from tests.server.hearing import events
from tests.server.library.test_library import PLAYED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.demo import Demo

TABS = "web/src/queries/"
# What only others use, as a part of themselves.
PARTS = {"active"}


@cache
def documents() -> Mapping[str, str]:
    """Return the text of each tab by its file's name."""
    return {name: tree.text(name) for name in tree.files() if name.startswith(TABS)}


def operations() -> Iterator[tuple[str, OperationDefinitionNode]]:
    """Yield each operation of all tabs with the text of its tab."""
    for text in documents().values():
        document: DocumentNode = parse(text)
        for each in document.definitions:
            if isinstance(each, OperationDefinitionNode):
                yield text, each


def name(operation: OperationDefinitionNode) -> str:
    """Return the name of an operation."""
    assert operation.name is not None
    return operation.name.value


NAMED = {name(operation): (text, operation) for text, operation in operations()}
QUERIES = [key for key, (_, each) in NAMED.items() if each.operation is OperationType.QUERY]
MUTATIONS = [key for key, (_, each) in NAMED.items() if each.operation is OperationType.MUTATION]
SUBSCRIPTIONS = [key for key in NAMED if key not in QUERIES + MUTATIONS]


def where(operation: OperationDefinitionNode, **variables: object) -> object:
    """Return the condition that an operation asks of its audience."""
    (audience,) = operation.selection_set.selections
    assert isinstance(audience, FieldNode)
    (asked,) = [each.value for each in audience.arguments or () if each.name.value == "where"]
    return value_from_ast_untyped(asked, dict(variables))


def typed(key: str) -> OperationDefinitionNode:
    """Return the operation that asks what a ready segment says."""
    return NAMED["".join(part.capitalize() for part in key.split("-"))][1]


def ask(demo: Demo, query: str, **more: object) -> Any:  # noqa: ANN401 - whatever is asked for
    """Return the data of an answer without errors; show what the demo logged where there are."""
    answer = httpx2.post(f"{demo.url}/graphql", json={"query": query} | more, timeout=60).json()
    assert "errors" not in answer, (answer["errors"], demo.log)
    return answer["data"]


def save(demo: Demo) -> None:
    """Save what the tabs' questions use, by the tab that does."""
    for each in ask(demo, NAMED["SaveSegments"][0], operationName="SaveSegments").values():
        assert each["revision"] == 1


@pytest.mark.parametrize("key", [key for key in library() if key not in PARTS])
def test_each_ready_segment_is_typed_in_a_tab(key: str) -> None:
    """The tabs ask what the library says, to the last number."""
    now = "2026-11-24T02:00:00Z"
    given = {"at": now} if key == "was-active" else None

    asked = conditions.read(where(typed(key), earlier=now))

    assert asked.canonical() == conditions.read(ready(key).definition(given)).canonical()


@pytest.mark.engine
@pytest.mark.process
@pytest.mark.timeout(300)  # the first to come waits until the demo has been loaded
@pytest.mark.parametrize("key", [*MUTATIONS, *QUERIES])
def test_each_operation_has_an_answer(demo: Demo, key: str) -> None:
    """Each operation of each tab is answered, and its answer is of something that is there."""
    save(demo)
    variables = {"earlier": instant_text(demo.told - 30 * DAY)}

    data = ask(demo, NAMED[key][0], operationName=key, variables=variables)

    assert [field for field, found in data.items() if not _says_something(found)] == []


@pytest.mark.engine
@pytest.mark.process
@pytest.mark.timeout(300)
@pytest.mark.parametrize("key", SUBSCRIPTIONS)
def test_each_subscription_is_heard(demo: Demo, key: str) -> None:
    """Each subscription of a tab says at once what there is."""
    save(demo)

    heard = events(demo.url, NAMED[key][0], {})

    (said,) = next(heard)["data"].values()
    assert said["members"]
    heard.close()


def _says_something(found: Mapping[str, Any]) -> bool:
    """Tell whether there is something in an answer: members, and no problem."""
    return (
        "message" not in found
        and found.get("count") != 0
        and all(inner not in ([], None) for field, inner in found.items() if field != "rejected")
    )


@pytest.mark.engine
@pytest.mark.process
@pytest.mark.timeout(300)
@pytest.mark.parametrize("key", [key for key in library() if key not in PARTS])
def test_members_are_found_and_near_misses_are_not(demo: Demo, key: str) -> None:
    """What a tab asks finds those who play its members in the demo, and none who nearly are."""
    save(demo)
    now = demo.told
    planted = story.planted(now)[PLAYED.get(key, key)]
    playing = [*planted.members, *planted.near_misses]
    asked = {
        "all": [
            where(typed(key), earlier=instant_text(now - 30 * DAY)),
            {"trait": {"name": "key", "is": {"in": playing}}},
        ]
    }

    found = ask(
        demo,
        "query($who: Condition!, $at: DateTime!) "
        "{ audience(where: $who, at: $at) { members(first: 100) { nodes { key } } } }",
        variables={"who": asked, "at": instant_text(now)},
    )["audience"]["members"]["nodes"]

    others = {each["key"] for each in found} ^ set(planted.members)
    assert [planted.why[each] for each in sorted(others)] == []
