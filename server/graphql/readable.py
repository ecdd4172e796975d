"""Which errors a client may read: each has a code; what nobody foresaw is logged and masked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from graph import errors
from server import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strawberry.types import StreamExecutionResult


class ReadableErrors(SchemaExtension):
    """Gives each error its code; what nobody foresaw is logged and masked."""

    def on_operation(self) -> Iterator[None]:
        """Look at the errors once the operation is done."""
        yield
        _make_readable(self.execution_context.result)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        """Look at the errors before they are sent down a stream."""
        _make_readable(result)
        yield


def _make_readable(result: object) -> None:
    found = getattr(result, "errors", None)
    if found:
        cast("Any", result).errors = [readable(error) for error in found]


def readable(error: GraphQLError) -> GraphQLError:
    """Return an error as a client may read it."""
    if error.extensions and "code" in error.extensions:
        return error
    message, extra = _told(error, error.original_error)
    return GraphQLError(message, error.nodes, path=error.path, extensions=extra)


def _told(  # noqa: PLR0911 - one for each sort of error
    error: GraphQLError, origin: Exception | None
) -> tuple[str, dict[str, object]]:
    match origin:
        case None if isinstance(error, GraphQLSyntaxError):
            return error.message, {"code": "GRAPHQL_PARSE_FAILED"}
        case None:
            return error.message, {"code": "GRAPHQL_VALIDATION_FAILED"}
        case errors.BadInput():
            path = [str(part) for part in origin.path]
            return origin.message, {"code": origin.reason, "path": path}
        case errors.Busy():
            return origin.message, {"code": origin.code, "retryAfter": origin.retry_after}
        case errors.SegraphError() if not isinstance(origin, errors.Fault):
            return origin.message, {"code": origin.code}
        case MissingQueryError() | CannotGetOperationTypeError() | InvalidOperationTypeError():
            return error.message, {"code": "BAD_REQUEST"}
        case GraphQLError():
            return error.message, {"code": "BAD_USER_INPUT", **_place(error.message)}
        case _:
            return faults.MESSAGE, {"code": "INTERNAL", "requestId": faults.logged(origin)}


_OF_A_VARIABLE = re.compile(r"Variable '\$(\w+)' has invalid value(?: at ([^:]*))?: ")


def _place(message: str) -> dict[str, list[str]]:
    """Return the path to the place in a variable that GraphQL itself refuses, if it does."""
    found = _OF_A_VARIABLE.match(message)
    if found is None:
        return {}
    return {"path": [found[1], *re.findall(r"[^.\[\]]+", found[2] or "")]}
