"""Turn a query into text and parameters; the only place where Cypher is joined.

A parameter keeps its name; where two leaves use one name, the later gets a number: `$topic_2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from graph.cypher import nodes
from graph.database import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from re import Match

_STEP = "  "


def render(query: nodes.Query) -> Statement:
    """Return the statement that a query means."""
    printer = _Printer(query.t)
    lines = [*printer.seed(query.seed, query.where, query.asked), *printer.asked(query.asked)]
    return Statement("\n".join(lines), printer.parameters)


class _Printer:
    def __init__(self, t: int) -> None:
        self.parameters: dict[str, object] = {"t": t}
        self._printed: dict[int, str] = {}

    def parameter(self, name: str, value: object) -> str:
        taken, number = name, 1
        while taken in self.parameters:
            number += 1
            taken = f"{name}_{number}"
        self.parameters[taken] = value
        return f"${taken}"

    def leaf(self, leaf: nodes.Leaf) -> str:
        known = self._printed.get(id(leaf))
        if known is None:
            names: dict[str, str] = {"t": "$t"}
            for name in dict.fromkeys(nodes.PARAMETER.findall(leaf.text)):
                if name not in names:
                    names[name] = self.parameter(name, leaf.values[name])

            def named(found: Match[str]) -> str:
                return names[found[1]]

            known = self._printed[id(leaf)] = nodes.PARAMETER.sub(named, leaf.text)
        return known

    def seed(
        self, seed: nodes.Seed, where: tuple[nodes.Predicate, ...], asked: nodes.Asked
    ) -> list[str]:
        match seed:
            case nodes.Everyone():
                lines = ["MATCH (contact:Contact)"]
            case nodes.These():
                keys = self.parameter("keys", list(seed.keys))
                lines = [f"UNWIND {keys} AS key", "MATCH (contact:Contact {key: key})"]
            case nodes.Inward():
                lines = [*self.path(seed.path, ""), "WITH DISTINCT contact"]
            case nodes.Group():
                lines = self.group(seed)
            case _:
                assert_never(seed)
        conditions = [self.predicate(child, "") for child in where]
        if isinstance(asked, nodes.Page):
            conditions.insert(0, f"contact.key > {self.parameter('after', asked.after)}")
        return [*lines, *_where(conditions, "")]

    def group(self, seed: nodes.Group) -> list[str]:
        if seed.inward is not None:
            lines = [
                *self.path(seed.inward, ""),
                "WITH DISTINCT thing",
                f"MATCH (thing)<-[e{_types(seed.events.types)}]-(contact)",
                *self.conditions(seed.events.where, ""),
            ]
        else:
            lines = self.seeks(seed.events)
        return lines + self.grouping(seed)

    def seeks(self, events: nodes.Events) -> list[str]:
        late = [each for each in events.where if _of_contact(each)]
        if len(events.types) == 1 and not late:
            return self.sought(events, events.types[0], "")
        lines = ["CALL () {"]
        for number, name in enumerate(events.types):
            lines += [f"{_STEP}UNION ALL"] if number else []
            lines += [*self.sought(events, name, _STEP), f"{_STEP}RETURN contact, e, thing"]
        lines.append("}")
        return [*lines, "WITH contact, e, thing", *self.conditions(late, "")] if late else lines

    def grouping(self, seed: nodes.Group) -> list[str]:
        if not seed.bounds:
            return ["WITH DISTINCT contact"]
        what = f"DISTINCT {self.leaf(seed.distinct)}" if seed.distinct else "*"
        bounds = [f"matches {sign} {self.parameter('number', n)}" for sign, n in seed.bounds]
        return [f"WITH contact, count({what}) AS matches", *_where(bounds, ""), "WITH contact"]

    def sought(self, events: nodes.Events, name: str, indent: str) -> list[str]:
        return [
            f"{indent}MATCH (contact)-[e:{name}]->(thing{_label(events)})",
            f"{indent}USING INDEX SEEK e:{name}(at)",
            *self.conditions([each for each in events.where if not _of_contact(each)], indent),
        ]

    def predicate(self, node: nodes.Predicate, indent: str) -> str:  # noqa: C901, PLR0911, PLR0912 - a closed union
        match node:
            case nodes.Leaf():
                return self.leaf(node)
            case nodes.Each():
                return self.each(node)
            case nodes.Exists():
                return self.block("EXISTS", self.pattern(node.pattern, indent + _STEP), indent)
            case nodes.Counted():
                return self.counted(node, indent)
            case nodes.Newest():
                return self.newest(node, indent)
            case nodes.Every():
                return self.joined(" AND ", node.children, indent)
            case nodes.Either():
                return self.either(node, indent)
            case nodes.Negated():
                return f"NOT ({self.predicate(node.child, indent)})"
            case _:
                assert_never(node)

    def either(self, node: nodes.Either, indent: str) -> str:
        if not any(isinstance(child, nodes.Every) for child in node.children):
            return self.joined(" OR ", node.children, indent)
        # The planner would multiply out an OR of ANDs, and take minutes for a few of them.
        inner = indent + _STEP
        cases = [f"{inner}WHEN {self.predicate(each, inner)} THEN true" for each in node.children]
        return "\n".join(["CASE", *cases, f"{inner}ELSE false", f"{indent}END"])

    def joined(self, word: str, children: Sequence[nodes.Predicate], indent: str) -> str:
        if len(children) == 1:
            return self.predicate(children[0], indent)
        inner = indent + _STEP
        parts = [self.predicate(child, inner) for child in children]
        return "(" + f"\n{inner}{word.strip()} ".join(parts) + ")"

    def each(self, node: nodes.Each) -> str:
        value, test = self.leaf(node.value), self.leaf(node.test)
        if node.every:
            return (
                f"coalesce(size([] + {value}) > 0 "
                f"AND all(value IN [] + {value} WHERE {test}), false)"
            )
        return f"coalesce(any(value IN [] + {value} WHERE {test}), false)"

    def counted(self, node: nodes.Counted, indent: str) -> str:
        inner = indent + _STEP
        returned = f"DISTINCT {self.leaf(node.distinct)} AS counted" if node.distinct else "e"
        lines = [*self.pattern(node.pattern, inner), f"{inner}RETURN {returned}"]
        number = self.parameter("number", node.number)
        return f"{self.block('COUNT', lines, indent)} {node.operator} {number}"

    def newest(self, node: nodes.Newest, indent: str) -> str:
        inner = indent + _STEP
        lines = [
            *self.path(node.pattern, inner),
            f"{inner}WITH found ORDER BY {node.by} DESC LIMIT 1",
            f"{inner}WHERE {self.predicate(node.then, inner)}",
            f"{inner}RETURN found",
        ]
        return self.block("EXISTS", lines, indent)

    def block(self, word: str, lines: list[str], indent: str) -> str:
        return "\n".join([f"{word} {{", *lines, f"{indent}}}"])

    def pattern(self, pattern: nodes.Events | nodes.Path, indent: str) -> list[str]:
        if isinstance(pattern, nodes.Path):
            return self.path(pattern, indent)
        lines: list[str] = []
        if pattern.first is not None:
            lines = [
                f"{indent}MATCH (contact)-[first{_types(pattern.first)}]->()",
                f"{indent}WHERE first.at <= $t",
                f"{indent}WITH contact, min(first.at) AS start",
            ]
        any_event = [] if pattern.types else ["e.id IS NOT NULL"]
        return [
            *lines,
            f"{indent}MATCH (contact)-[e{_types(pattern.types)}]->(thing{_label(pattern)})",
            *self.conditions(pattern.where, indent, any_event),
        ]

    def path(self, path: nodes.Path, indent: str) -> list[str]:
        return [
            f"{indent}MATCH {self.leaf(path.match)}",
            *self.conditions(path.where, indent),
        ]

    def conditions(
        self, where: Sequence[nodes.Predicate], indent: str, first: Sequence[str] = ()
    ) -> list[str]:
        return _where([*first, *(self.predicate(child, indent) for child in where)], indent)

    def asked(self, asked: nodes.Asked) -> list[str]:
        match asked:
            case nodes.Page():
                limit = self.parameter("limit", asked.limit)
                return [
                    f"WITH contact ORDER BY contact.key LIMIT {limit}",
                    "RETURN properties(contact) AS contact",
                ]
            case nodes.Count():
                return ["RETURN count(contact) AS count"]
            case nodes.Verdicts():
                return ["RETURN contact.key AS key"]
            case _:
                assert_never(asked)


def _of_contact(node: nodes.Predicate) -> bool:
    """Tell whether a test of events looks at the contact too; no index seek stands beside one."""
    match node:
        case nodes.Leaf():
            return "contact" in node.text
        case nodes.Each():
            return "contact" in node.test.text
        case _:
            return False


def _where(conditions: Sequence[str], indent: str) -> list[str]:
    return [
        f"{indent}{'AND' if number else 'WHERE'} {condition}"
        for number, condition in enumerate(conditions)
    ]


def _types(names: Sequence[str]) -> str:
    return f":{'|'.join(names)}" if names else ""


def _label(events: nodes.Events) -> str:
    return f":{events.label}" if events.label else ""
