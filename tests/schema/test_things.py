"""What events are about, as clients see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.model import ThingKind
from graph.subject import Thing as Found
from resolvers.schema import graphql_schema
from schema.things import thing

if TYPE_CHECKING:
    import strawberry


@pytest.fixture(scope="module")
def schema() -> strawberry.Schema:
    """Return the schema."""
    return graphql_schema()


@pytest.mark.parametrize("kind", ThingKind)
def test_each_kind_of_thing_has_its_type(kind: ThingKind, schema: strawberry.Schema) -> None:
    """Whatever an event is about has a type in the schema; a source is no thing of its own."""
    shown = thing(Found(kind, "one", {}))

    if kind is ThingKind.SOURCE:
        assert shown is None
    else:
        assert schema.get_type_by_name(type(shown).__name__) is not None
