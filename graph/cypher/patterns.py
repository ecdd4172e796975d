"""Print patterns of events, paths, and pipes of clauses after them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from graph.cypher import nodes
from graph.cypher.leaves import Leaves, filtered, label, types

if TYPE_CHECKING:
    from collections.abc import Sequence

_WITH = re.compile(r"^WITH (?:DISTINCT )?")


class Patterns(Leaves):
    """Prints patterns; what must hold in them is printed by whoever knows all predicates."""

    def _predicate(self, node: nodes.Predicate, indent: str) -> str:
        raise NotImplementedError

    def _pattern(self, pattern: nodes.Events | nodes.Path, indent: str) -> list[str]:
        if isinstance(pattern, nodes.Path):
            return self._path(pattern, indent)
        lines: list[str] = []
        if pattern.first is not None:
            lines = [
                f"{indent}MATCH (contact)-[first{types(pattern.first)}]->()",
                *filtered(
                    [
                        "first.at <= " + self._t,
                        *(self._predicate(each, indent) for each in pattern.first_where),
                    ],
                    indent,
                ),
                f"{indent}WITH contact, min(first.at) AS start",
            ]
        any_event = [] if pattern.types else ["e.id IS NOT NULL"]
        return [
            *lines,
            f"{indent}MATCH (contact)-[e{types(pattern.types)}]->(thing{label(pattern)})",
            *self._conditions(pattern.where, indent, any_event),
        ]

    def _path(self, path: nodes.Path, indent: str) -> list[str]:
        return [
            f"{indent}MATCH {self._leaf(path.match)}",
            *self._conditions(path.where, indent),
        ]

    def _conditions(
        self, where: Sequence[nodes.Predicate], indent: str, first: Sequence[str] = ()
    ) -> list[str]:
        return filtered([*first, *(self._predicate(child, indent) for child in where)], indent)

    def _pipe(self, pipe: nodes.Pipe, indent: str, carried: str = "") -> list[str]:
        """Return clauses one after another; each WITH hands on what is carried too."""
        lines: list[str] = []
        for clause in pipe:
            match clause:
                case nodes.Leaf():
                    lines.append(indent + _WITH.sub(rf"\g<0>{carried}", self._leaf(clause)))
                case nodes.Where():
                    lines += self._conditions(clause.tests, indent)
                case nodes.Events():
                    lines += self._pattern(clause, indent)
                case _:
                    assert_never(clause)
        return lines
