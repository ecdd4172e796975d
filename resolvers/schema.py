"""The GraphQL schema: vocabulary and operations together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resolvers.consistency import Schema
from resolvers.mutation import Mutation
from resolvers.query import Query
from resolvers.subscription import Subscription
from schema.changes import MemberEntered, MemberLeft
from schema.scalars import CONFIG
from schema.things import Campaign, Content, Feature, Product, Search, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from strawberry.extensions import SchemaExtension


def graphql_schema(
    extensions: Sequence[type[SchemaExtension] | Callable[[], SchemaExtension]] = (),
) -> Schema:
    """Return the schema; `extensions` are the front door's."""
    return Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Content, Product, Feature, Ticket, Search, Campaign, MemberEntered, MemberLeft],
        config=CONFIG,
        extensions=list(extensions),
    )
