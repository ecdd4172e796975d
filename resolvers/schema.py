"""The GraphQL schema: vocabulary and operations together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLInputObjectType

from resolvers.consistency import Schema
from resolvers.mutation import Mutation
from resolvers.query import Query
from resolvers.subscription import Subscription
from schema.changes import MemberEntered, MemberLeft
from schema.scalars import CONFIG
from schema.things import Campaign, Content, Feature, Product, Search, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql import GraphQLSchema
    from strawberry.extensions import SchemaExtension


def graphql_schema(
    extensions: Sequence[type[SchemaExtension] | Callable[[], SchemaExtension]] = (),
) -> Schema:
    """Return the schema; `extensions` are the front door's."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Content, Product, Feature, Ticket, Search, Campaign, MemberEntered, MemberLeft],
        config=CONFIG,
        extensions=list(extensions),
    )
    _check_one_of(schema)
    return schema


def _check_one_of(schema: Schema) -> None:
    """Let graphql-core check what has exactly one field, as it tells where that is not so."""
    core: GraphQLSchema = schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    for each in core.type_map.values():
        if isinstance(each, GraphQLInputObjectType):
            definition = each.extensions["strawberry-definition"]
            each.is_one_of = definition.is_one_of
