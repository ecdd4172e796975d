"""The schema as it is published: the committed file is the code's, and nothing is left unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
)

from resolvers.schema import graphql_schema
from tests.house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.live import Live

FILE = "schema/schema.graphql"


def published() -> str:
    """Return the schema as the code makes it."""
    return graphql_schema().as_str() + "\n"


def undescribed() -> Iterator[str]:
    """Yield the name of each type, field, argument and value without a description."""
    for type_ in build_schema(published()).type_map.values():
        if type_.name.startswith("__") or type_.name in {"Boolean", "Float", "ID", "Int", "String"}:
            continue
        if not type_.description:
            yield type_.name
        yield from _undescribed_parts(type_)


def _undescribed_parts(type_: Any) -> Iterator[str]:  # noqa: ANN401 - graphql-core's own
    match type_:
        case GraphQLObjectType() | GraphQLInterfaceType():
            for name, field in type_.fields.items():
                parts = {"": field, **{f"({each})": arg for each, arg in field.args.items()}}
                yield from (f"{type_}.{name}{at}" for at, p in parts.items() if not p.description)
        case GraphQLInputObjectType():
            parts = type_.fields
            yield from (f"{type_}.{name}" for name, each in parts.items() if not each.description)
        case GraphQLEnumType():
            parts = type_.values
            yield from (f"{type_}.{name}" for name, each in parts.items() if not each.description)
        case _:
            pass


def test_the_committed_file_is_the_codes() -> None:
    """`make schema` writes it; whoever reads the file reads what is served."""
    assert tree.text(FILE) == published()


@pytest.mark.process
def test_the_command_prints_it() -> None:
    """`segraph schema` prints the committed file."""
    assert tree.run("segraph", "schema") == tree.text(FILE)


@pytest.mark.engine
def test_the_server_gives_it(live: Live) -> None:
    """`/schema.graphql` is the committed file."""
    assert live.http.get("/schema.graphql").text == tree.text(FILE)


def test_everything_is_described() -> None:
    """Each type, field, argument and value says what it is."""
    assert list(undescribed()) == []
