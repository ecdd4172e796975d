"""What an operation costs: its fields, those of lists as often as the list may be long.

A field that asks the graph something of all contacts costs as much as many others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    VariableNode,
    get_named_type,
)
from graphql.utilities import get_operation_ast

from graph.audience import LONGEST_PAGE
from graph.snapshot import MEMBERS
from server.graphql.size import DOCUMENTS

if TYPE_CHECKING:
    from graphql import GraphQLNamedType, SelectionNode, SelectionSetNode

MOST: Final = 10_000
LIST: Final = 10
"""How long a list is taken to be that is not asked for by pages."""
_LISTS: Final = {("ExplanationNode", "children"): 2, ("SnapshotPage", "members"): MEMBERS}
"""How long some lists are taken to be: one that holds lists of its own kind has a limit of all."""
_PAGES: Final = ("first", "last")
ASKING: Final = 50
"""What a field costs for which the graph looks at contacts, each time it is asked for."""
_ASKING: Final = frozenset(
    {
        ("Audience", "breakdown"),
        ("Audience", "count"),
        ("Audience", "members"),
        ("Audience", "plan"),
        ("Contact", "explain"),
        ("Membership", "until"),
        ("Query", "overlap"),
        ("Segment", "members"),
        ("Segment", "size"),
        ("Segment", "sizes"),
    }
)


def too_dear(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: Mapping[str, object] | None,
) -> list[GraphQLError]:
    """Return why an operation costs too much."""
    lengths = frozenset(
        (name, value)
        for name, value in (variables or {}).items()
        if isinstance(value, int) and not isinstance(value, bool)
    )
    cost = _cost(schema, document, operation_name, lengths)
    if cost <= MOST:
        return []
    message = (
        f"The operation may cost {min(cost, 10**9)}; at most {MOST} is taken, where a field costs "
        f"1, one that counts or finds contacts {ASKING}, times `first` in a list: ask for shorter "
        "pages, or in turns"
    )
    return [GraphQLError(message, extensions={"code": "QUERY_TOO_COMPLEX"})]


@lru_cache(DOCUMENTS * 4)
def _cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    variables: frozenset[tuple[str, int]],
) -> int:
    operation = get_operation_ast(document, operation_name)
    root = operation and schema.get_root_type(operation.operation)
    if operation is None or root is None:
        return 0
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    walk = _Walk(schema, fragments, {**_defaults(operation), **dict(variables)})
    return walk.cost(operation.selection_set, root)


def _defaults(operation: OperationDefinitionNode) -> dict[str, int]:
    return {
        each.variable.name.value: int(each.default_value.value)
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }


@dataclass(slots=True)
class _Walk:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, int]
    known: dict[str, int] = field(default_factory=dict[str, int])

    def cost(self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None) -> int:
        if selections is None:
            return 0
        return sum(self._selected(node, parent) for node in selections.selections)

    def _selected(self, node: SelectionNode, parent: GraphQLNamedType | None) -> int:
        match node:
            case FieldNode():
                return self._field(node, parent)
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                its = self.schema.get_type(condition.name.value) if condition else parent
                return self.cost(inner, its)
            case FragmentSpreadNode(name=name) if name.value in self.fragments:
                if name.value not in self.known:
                    fragment = self.fragments[name.value]
                    its = self.schema.get_type(fragment.type_condition.name.value)
                    self.known[name.value] = 0
                    self.known[name.value] = self.cost(fragment.selection_set, its)
                return self.known[name.value]
            case _:
                return 0

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> int:
        fields = cast("Mapping[str, Any]", getattr(parent, "fields", {}))
        found = fields.get(node.name.value)
        if found is None:
            # `__typename` and introspection, which has limits of its own; or a mistake.
            return 1
        its = cast("GraphQLNamedType", get_named_type(found.type))
        below = self.cost(node.selection_set, its)
        own = 1 if parent is None or (parent.name, node.name.value) not in _ASKING else ASKING
        return own + self._length(node, parent, found) * below

    def _length(self, node: FieldNode, parent: GraphQLNamedType | None, found: Any) -> int:  # noqa: ANN401 - of partly unknown types
        for name in _PAGES:
            if name in found.args:
                given = next((n.value for n in node.arguments or () if n.name.value == name), None)
                length = self._number(given, found.args[name].default_value)
                return min(LONGEST_PAGE, max(0, length))
        if "[" not in str(found.type) or self._paged(node):
            return 1
        return _LISTS.get((getattr(parent, "name", ""), node.name.value), LIST)

    def _paged(self, node: FieldNode) -> bool:
        """Tell whether a list is of a page, whose length was counted above it."""
        return node.name.value in {"edges", "nodes"}

    def _number(self, value: object, default: int) -> int:
        match value:
            case IntValueNode(value=text):
                return int(text)
            case VariableNode(name=name):
                return self.variables.get(name.value, default)
            case _:
                return default
