"""How much the variables of an operation hold, found out before any of it is read as input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
)
from graphql.utilities import (
    get_operation_ast,
    type_from_ast,  # pyright: ignore[reportUnknownVariableType] - of partly unknown types
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import OperationDefinitionNode

MOST_MAPS: Final = 12_000
"""Maps of fields, so that 5,000 events fit, each with what it is about."""
MOST_ELEMENTS: Final = 50_000
"""Elements of lists."""

# Types of inputs, whose own types are partly unknown.
_Given: TypeAlias = "tuple[Any, object]"


def too_much(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, object] | None,
) -> list[GraphQLError]:
    """Return why variables hold too much; what is JSON to GraphQL counts as one value."""
    operation = get_operation_ast(document, operation_name)
    if operation is None or not variables:
        return []
    maps = elements = 0
    left = list(_given(schema, operation, variables))
    while left:
        its, value = left.pop()
        if isinstance(its, GraphQLNonNull):
            its = cast("Any", its).of_type
        if isinstance(its, GraphQLList):
            inner = cast("Any", its).of_type
            listed = cast("list[object]", value) if isinstance(value, list) else [value]
            elements += len(listed)
            if elements > MOST_ELEMENTS:
                return [_refused(f"elements in lists; at most {MOST_ELEMENTS}")]
            left += [(inner, each) for each in listed]
        elif isinstance(its, GraphQLInputObjectType) and isinstance(value, dict):
            maps += 1
            if maps > MOST_MAPS:
                return [_refused(f"maps of fields; at most {MOST_MAPS}")]
            known, fields = its.fields, cast("dict[str, object]", value)
            left += [(known[name].type, each) for name, each in fields.items() if name in known]
    return []


def _given(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, object]
) -> Iterator[_Given]:
    """Yield the variables that the operation declares, each with its type."""
    for each in operation.variable_definitions or ():
        name, its = each.variable.name.value, type_from_ast(schema, each.type)
        if its is not None and name in variables:
            yield its, variables[name]


def _refused(what: str) -> GraphQLError:
    return GraphQLError(
        f"The variables hold too many {what} are taken: send them in turns, and rows that are told "
        "by POST /import",
        extensions={"code": "BAD_USER_INPUT"},
    )
