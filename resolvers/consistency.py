"""One query operation sees one state of the graph, however many statements it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import strawberry
from graphql import ExecutionResult, OperationType
from graphql import execute as _graphql_execute  # pyright: ignore[reportUnknownVariableType]
from graphql.utilities import get_operation_ast

from schema.context import Context

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLError, GraphQLSchema

Execute: TypeAlias = Callable[..., ExecutionResult | Awaitable[ExecutionResult]]
MakeContext: TypeAlias = Callable[[], Context]

_execute = cast("Execute", _graphql_execute)

TRIES: Final = 3
"""Reads while anybody may write; the last one holds all commits."""


class Schema(strawberry.Schema):
    """Executes each operation in a context of its own; what is given as context makes one."""

    def process_errors(self, errors: list[GraphQLError], execution_context: object = None) -> None:
        """Log nothing: whoever answers knows which of them are the client's."""

    def _get_execute_function(self) -> Execute:
        return _executed


async def _executed(
    schema: GraphQLSchema,
    document: DocumentNode,
    *,
    context_value: MakeContext,
    operation_name: str | None = None,
    **options: Any,  # noqa: ANN401 - graphql-core's own
) -> ExecutionResult:
    """Execute a document; a query again where something was committed while it read."""

    async def once(context: Context) -> ExecutionResult:
        found = _execute(
            schema,
            document,
            context_value=context,
            operation_name=operation_name,
            **options,
        )
        return await found if isinstance(found, Awaitable) else found

    operation = get_operation_ast(document, operation_name)
    if operation is None or operation.operation is not OperationType.QUERY:
        return await once(context_value())
    for _ in range(TRIES):
        context = context_value()
        result = await once(context)
        if await context.reading.consistent():
            return result
    async with context_value().reading.held():
        return await once(context_value())
