"""Which subscriptions are alike: those that are the same but for the place that each begins at."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from graphql import (
    ArgumentNode,
    FieldNode,
    VariableDefinitionNode,
    VariableNode,
    parse,
)
from graphql.language import SKIP, Visitor, VisitorAction, visit
from graphql.utilities import get_operation_ast

from server.graphql.size import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

BEGINNING: Final = frozenset({"after"})
"""The arguments of a subscription that tell nothing but where it begins."""


def key(
    query: str,
    variables: Mapping[str, Any] | None,
    operation_name: str | None,
    viewer: Hashable,
) -> Hashable:
    """Return what subscriptions have in common that hear the same from some moment on.

    `viewer` is who may see what: whoever sees something else is served apart.
    """
    own = _beginning(query, operation_name)
    told = {name: value for name, value in (variables or {}).items() if name not in own}
    return query, operation_name, json.dumps(told, sort_keys=True), viewer


@lru_cache(DOCUMENTS)
def _beginning(query: str, operation_name: str | None) -> frozenset[str]:
    """Return the variables of an operation that tell where it begins, and nothing else."""
    document = parse(query)
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        return frozenset()
    everywhere, beginning = _Uses(), Counter[str]()
    visit(document, everywhere)
    for field in operation.selection_set.selections:
        if isinstance(field, FieldNode):
            beginning.update(_named(each) for each in field.arguments or () if _begins(each))
    return frozenset(
        name for name, number in beginning.items() if name and everywhere.found[name] == number
    )


def _begins(argument: ArgumentNode) -> bool:
    return argument.name.value in BEGINNING and isinstance(argument.value, VariableNode)


def _named(argument: ArgumentNode) -> str:
    return argument.value.name.value if isinstance(argument.value, VariableNode) else ""


class _Uses(Visitor):
    """Counts how often each variable is used."""

    def __init__(self) -> None:
        super().__init__()
        self.found = Counter[str]()

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> VisitorAction:
        """Leave out what only declares it."""
        del node
        return SKIP

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        """Count one."""
        self.found[node.name.value] += 1
