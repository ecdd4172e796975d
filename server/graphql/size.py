"""How large a document is, found out in one walk: each fragment is looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
)
from graphql.language import Visitor, visit

if TYPE_CHECKING:
    from graphql import SelectionNode, SelectionSetNode

DOCUMENTS: Final = 256
MOST_SYMBOLS: Final = 100_000
MOST_TOKENS: Final = 4000
MOST_COMMENTS: Final = 1000
DEEPEST: Final = 20
MOST_FIELDS: Final = 2000
MOST_ALIASES: Final = 30
MOST_ROOTS: Final = 20
MOST_DIRECTIVES: Final = 5
MOST_DIGITS: Final = 1000
"""Digits of a whole number: of more than 4,300 Python makes none."""
_SHOWN: Final = 10**6


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a selection: fields and aliases in all, levels, most directives at one place."""

    fields: int = 0
    aliases: int = 0
    depth: int = 0
    directives: int = 0

    def beside(self, other: Size) -> Size:
        """Return the size of two selections beside each other."""
        return Size(
            self.fields + other.fields,
            self.aliases + other.aliases,
            max(self.depth, other.depth),
            max(self.directives, other.directives),
        )


@lru_cache(DOCUMENTS)
def too_large(document: DocumentNode) -> tuple[GraphQLError, ...]:
    """Return what is too large in a document."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    operations = [n for n in document.definitions if isinstance(n, OperationDefinitionNode)]
    numbers = _Numbers()
    visit(document, numbers)
    return tuple(numbers.too_long) or tuple(
        GraphQLError(message, operation, extensions={"code": "QUERY_TOO_COMPLEX"})
        for operation in operations
        for message in _complaints(operation, _Walk(fragments))
    )


def _complaints(operation: OperationDefinitionNode, walk: _Walk) -> list[str]:
    size = walk.size(operation.selection_set, frozenset())
    directives = max(size.directives, len(operation.directives or ()))
    measured = (
        (size.fields, MOST_FIELDS, "fields"),
        (size.depth, DEEPEST, "levels"),
        (size.aliases, MOST_ALIASES, "aliases"),
        (walk.roots(operation.selection_set, frozenset()), MOST_ROOTS, "fields at its root"),
        (directives, MOST_DIRECTIVES, "directives at one place"),
    )
    return [
        f"The operation has {min(number, _SHOWN)} {what}; at most {most} are taken: ask in turns"
        for number, most, what in measured
        if number > most
    ]


class _Numbers(Visitor):
    """Finds whole numbers of too many digits, wherever they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.too_long: list[GraphQLError] = []

    def enter_int_value(self, node: IntValueNode, *_: object) -> None:
        """Refuse one."""
        digits = len(node.value.lstrip("-"))
        if digits > MOST_DIGITS:
            message = (
                f"The number {node.value[:20]}… has {digits} digits; at most {MOST_DIGITS} are "
                "taken: write a shorter one"
            )
            self.too_long.append(GraphQLError(message, node, extensions={"code": "BAD_USER_INPUT"}))


class _Walk:
    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._sizes: dict[str, Size] = {}
        self._roots: dict[str, int] = {}

    def size(self, selections: SelectionSetNode | None, within: frozenset[str]) -> Size:
        size = Size()
        for node in selections.selections if selections else ():
            size = size.beside(self._selected(node, within))
        return size

    def _selected(self, node: SelectionNode, within: frozenset[str]) -> Size:
        here = Size(directives=len(node.directives or ()))
        match node:
            case FieldNode(alias=alias, selection_set=inner):
                below = self.size(inner, within)
                here = Size(1, int(alias is not None), 1 + below.depth, here.directives)
                return here.beside(Size(below.fields, below.aliases, 0, below.directives))
            case InlineFragmentNode(selection_set=inner):
                return here.beside(self.size(inner, within))
            case FragmentSpreadNode(name=name) if self._opens(name.value, within):
                if name.value not in self._sizes:
                    inner = self._fragments[name.value].selection_set
                    self._sizes[name.value] = self.size(inner, within | {name.value})
                return here.beside(self._sizes[name.value])
            case _:
                return here

    def roots(self, selections: SelectionSetNode, within: frozenset[str]) -> int:
        return sum(self._rooted(node, within) for node in selections.selections)

    def _rooted(self, node: SelectionNode, within: frozenset[str]) -> int:
        match node:
            case InlineFragmentNode(selection_set=inner):
                return self.roots(inner, within)
            case FragmentSpreadNode(name=name) if self._opens(name.value, within):
                if name.value not in self._roots:
                    inner = self._fragments[name.value].selection_set
                    self._roots[name.value] = self.roots(inner, within | {name.value})
                return self._roots[name.value]
            case FieldNode():
                return 1
            case _:
                return 0

    def _opens(self, name: str, within: frozenset[str]) -> bool:
        """Tell whether a fragment is there; one within itself is another rule's to refuse."""
        return name in self._fragments and name not in within
