"""What a document may cost, and which errors a client may read."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any, Final, cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    ValidationRule,
)
from strawberry.extensions import AddValidationRules, ParserCache, SchemaExtension, ValidationCache

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphql import SelectionSetNode

DEEPEST: Final = 20
MOST_FIELDS: Final = 2000
MOST_DIRECTIVES: Final = 5
DOCUMENTS: Final = 256
_log = logging.getLogger(__name__)


class DocumentSize(ValidationRule):
    """Counts the fields of each operation and how deep they go; fragments are counted once."""

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - graphql-core's own
        super().__init__(context)
        self._known: dict[str, tuple[int, int]] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: object) -> None:
        """Refuse an operation that is too large."""
        fields, depth = self._size(node.selection_set, frozenset())
        if fields > MOST_FIELDS or depth > DEEPEST:
            message = (
                f"The operation has {min(fields, 10**6)} fields, {depth} deep; at most "
                f"{MOST_FIELDS} and {DEEPEST} are taken: ask in turns"
            )
            error = GraphQLError(message, node, extensions={"code": "QUERY_TOO_COMPLEX"})
            self.report_error(error)

    def _size(self, selections: SelectionSetNode | None, within: frozenset[str]) -> tuple[int, int]:
        fields = depth = 0
        for node in selections.selections if selections else ():
            more, below = self._selected(node, within)
            fields += more
            depth = max(depth, below)
        return fields, depth

    def _selected(self, node: object, within: frozenset[str]) -> tuple[int, int]:
        match node:
            case FieldNode(selection_set=inner):
                fields, depth = self._size(inner, within)
                return fields + 1, depth + 1
            case InlineFragmentNode(selection_set=inner):
                return self._size(inner, within)
            case FragmentSpreadNode(name=name) if name.value not in within:
                if name.value not in self._known:
                    fragment = self.context.get_fragment(name.value)
                    inner = fragment.selection_set if fragment else None
                    self._known[name.value] = self._size(inner, within | {name.value})
                return self._known[name.value]
            case _:
                return 0, 0


class ReadableErrors(SchemaExtension):
    """Gives each error its code; what nobody foresaw is logged and masked."""

    def on_operation(self) -> Iterator[None]:
        """Look at the errors once the operation is done."""
        yield
        result = self.execution_context.result
        found = getattr(result, "errors", None)
        if found:
            cast("Any", result).errors = [readable(error) for error in found]


def readable(error: GraphQLError) -> GraphQLError:
    """Return an error as a client may read it."""
    origin = error.original_error
    if error.extensions and "code" in error.extensions:
        return error
    if origin is None:
        code = "GRAPHQL_PARSE_FAILED" if "Syntax" in error.message else "GRAPHQL_VALIDATION_FAILED"
        return _with(error, error.message, {"code": code})
    if isinstance(origin, errors.BadInput):
        path = [str(part) for part in origin.path]
        return _with(error, origin.message, {"code": origin.reason, "path": path})
    if isinstance(origin, errors.SegraphError) and not isinstance(origin, errors.Fault):
        extra: dict[str, object] = {"code": origin.code}
        if isinstance(origin, errors.Busy):
            extra["retryAfter"] = origin.retry_after
        return _with(error, origin.message, extra)
    if isinstance(origin, GraphQLError):
        return _with(error, error.message, {"code": "BAD_USER_INPUT"})
    request = secrets.token_hex(8)
    _log.error("request %s failed", request, exc_info=origin)
    return _with(error, "Internal error", {"code": "INTERNAL", "requestId": request})


def _with(error: GraphQLError, message: str, extra: dict[str, object]) -> GraphQLError:
    return GraphQLError(message, error.nodes, path=error.path, extensions=extra)


def extensions() -> list[Callable[[], SchemaExtension] | type[SchemaExtension]]:
    """Return the schema's extensions: documents are parsed and validated once."""
    return [
        lambda: AddValidationRules([DocumentSize]),
        lambda: ParserCache(DOCUMENTS),
        lambda: ValidationCache(DOCUMENTS),
        ReadableErrors,
    ]
