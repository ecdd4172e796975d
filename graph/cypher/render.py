"""Turn a query into text and parameters; the only place where Cypher is joined.

A parameter keeps its name; where two leaves use one name, the later gets a number: `$topic_2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from graph import model
from graph.cypher import nodes
from graph.database import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from re import Match

_STEP = "  "


def render(query: nodes.Query) -> Statement:
    """Return the statement that a query means."""
    printer = _Printer(query)
    lines = printer.found(query.seed, query.where, query.asked)
    lines = _others(lines) if query.others else [*lines, *printer.asked(query.asked)]
    return Statement("\n".join(lines), printer.parameters)


class _Printer:
    def __init__(self, query: nodes.Query) -> None:
        self.parameters: dict[str, object] = {"t": query.t}
        self._gathers = query.gathers
        self._printed: dict[int, str] = {}
        self._gathered: dict[str, str] = {}

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

    def found(
        self, seed: nodes.Seed, where: tuple[nodes.Predicate, ...], asked: nodes.Asked
    ) -> list[str]:
        """Return what finds contacts: what is gathered first, the seed, and the filters."""
        lines, projection = self.seed(seed)
        named = ", ".join(self._gathered.values())
        conditions = [self.predicate(child, "") for child in where]
        if isinstance(asked, nodes.Page):
            conditions.insert(0, f"contact.key > {self.parameter('after', asked.after)}")
        if projection and self._gathered:
            # A row's lists would be compared with those of the others if they were grouped by too.
            lines = [f"CALL ({named}) {{", *_indented([*lines, f"RETURN {projection}"]), "}"]
            lines += ["WITH *"] if conditions else []
        elif projection:
            lines.append(f"WITH {projection}")
        return [*self.gathered(), *lines, *_where(conditions, "")]

    def gathered(self) -> list[str]:
        """Return what is found once, each in a list with a name."""
        lines: list[str] = []
        for text, name in self._gathered.items():
            lines += [f"WITH {'*, ' if lines else ''}COLLECT {{", text, f"}} AS {name}"]
        return lines

    def gather(self, what: str, lines: Sequence[str]) -> str:
        """Return the name of what these lines find."""
        text = "\n".join(_indented(lines))
        if text not in self._gathered:
            number = sum(name.startswith(what) for name in self._gathered.values()) + 1
            self._gathered[text] = what if number == 1 else f"{what}_{number}"
        return self._gathered[text]

    def seed(self, seed: nodes.Seed) -> tuple[list[str], str | None]:
        """Return lines, and what of them is kept where they find a contact more than once."""
        match seed:
            case nodes.Everyone():
                return ["MATCH (contact:Contact)"], None
            case nodes.These():
                keys = self.parameter("keys", list(seed.keys))
                return [f"UNWIND {keys} AS key", "MATCH (contact:Contact {key: key})"], None
            case nodes.Inward():
                return self.path(seed.path, ""), "DISTINCT contact"
            case nodes.Group():
                return self.group(seed)
            case nodes.Groups():
                return self.groups(seed), "contact"
            case _:
                assert_never(seed)

    def groups(self, seed: nodes.Groups) -> list[str]:
        branches = [self.group(each) for each in seed.groups]
        lines: list[str] = []
        for branch, projection in branches:
            lines += [f"{_STEP}UNION"] if lines else []
            lines += _indented([*branch, f"RETURN {projection}"])
        return [self.call(), *lines, "}"]

    def call(self) -> str:
        return f"CALL ({', '.join(self._gathered.values())}) {{"

    def group(self, seed: nodes.Group) -> tuple[list[str], str]:
        if seed.inward is not None:
            lines = [
                *self.path(seed.inward, ""),
                "WITH DISTINCT thing",
                f"MATCH (thing)<-[e{_types(seed.events.types)}]-(contact)",
                *self.conditions(seed.events.where, ""),
            ]
        else:
            lines = self.seeks(seed.events)
        return self.grouping(lines, seed)

    def seeks(self, events: nodes.Events) -> list[str]:
        late = [each for each in events.where if _of_contact(each)]
        if len(events.types) == 1 and not late:
            return self.sought(events, events.types[0], "")
        branches = [self.sought(events, name, _STEP) for name in events.types]
        lines = [self.call()]
        for number, branch in enumerate(branches):
            lines += [f"{_STEP}UNION ALL"] if number else []
            lines += [*branch, f"{_STEP}RETURN contact, e, thing"]
        lines.append("}")
        return [*lines, "WITH contact, e, thing", *self.conditions(late, "")] if late else lines

    def grouping(self, lines: list[str], seed: nodes.Group) -> tuple[list[str], str]:
        if not seed.bounds:
            return lines, "DISTINCT contact"
        what = f"DISTINCT {self.leaf(seed.distinct)}" if seed.distinct else "*"
        bounds = [f"matches {sign} {self.parameter('number', n)}" for sign, n in seed.bounds]
        lines += [f"WITH contact, count({what}) AS matches", *_where(bounds, "")]
        return lines, "contact"

    def sought(self, events: nodes.Events, name: str, indent: str) -> list[str]:
        return [
            f"{indent}MATCH (contact)-[e:{name}]->(thing{_label(events)})",
            *([] if name == model.NO_EVENT else [f"{indent}USING INDEX SEEK e:{name}(at)"]),
            *self.conditions([each for each in events.where if not _of_contact(each)], indent),
        ]

    def predicate(self, node: nodes.Predicate, indent: str) -> str:  # noqa: C901, PLR0911, PLR0912 - a closed union
        match node:
            case nodes.Leaf():
                return self.leaf(node)
            case nodes.Each():
                return self.each(node)
            case nodes.Below():
                return self.below(node, indent)
            case nodes.Choice():
                return self.choice(node, indent)
            case nodes.Among():
                lines, projection = self.group(node.group)
                return f"contact IN {self.gather('contacts', [*lines, f'RETURN {projection}'])}"
            case nodes.Exists():
                return self.block("EXISTS", self.pattern(node.pattern, indent + _STEP), indent)
            case nodes.AtLeast():
                return self.at_least(node, indent)
            case nodes.Counted():
                return self.counted(node, indent)
            case nodes.Newest():
                return self.newest(node, indent)
            case nodes.Every():
                return self.joined("AND", node.children, indent)
            case nodes.Either():
                return self.either(node, indent)
            case nodes.Negated():
                return f"NOT ({self.predicate(node.child, indent)})"
            case _:
                assert_never(node)

    def either(self, node: nodes.Either, indent: str) -> str:
        if not any(isinstance(child, nodes.Every) for child in node.children):
            return self.joined("OR", node.children, indent)
        # The planner would multiply out an OR of ANDs, and take minutes for a few of them.
        inner = indent + _STEP
        cases = [f"{inner}WHEN {self.predicate(each, inner)} THEN true" for each in node.children]
        return "\n".join(["CASE", *cases, f"{inner}ELSE false", f"{indent}END"])

    def joined(self, word: str, children: Sequence[nodes.Predicate], indent: str) -> str:
        if len(children) == 1:
            return self.predicate(children[0], indent)
        inner = indent + _STEP
        parts = [self.predicate(child, inner) for child in children]
        return "(" + f"\n{inner}{word} ".join(parts) + ")"

    def each(self, node: nodes.Each) -> str:
        value, test = self.leaf(node.value), self.leaf(node.test)
        if node.every:
            return (
                f"coalesce(size([] + {value}) > 0 "
                f"AND all(value IN [] + {value} WHERE {test}), false)"
            )
        return f"coalesce(any(value IN [] + {value} WHERE {test}), false)"

    def below(self, node: nodes.Below, indent: str) -> str:
        if not self._gathers:
            lines = self.path(nodes.Path(node.outward), indent + _STEP)
            return self.block("EXISTS", lines, indent)
        way = f"MATCH {self.leaf(node.inward)}"
        return f"thing IN {self.gather('things', [way, 'RETURN DISTINCT thing'])}"

    def choice(self, node: nodes.Choice, indent: str) -> str:
        this, that = self.predicate(node.this, indent), self.predicate(node.that, indent)
        return f"CASE WHEN {self.leaf(node.test)} THEN {this} ELSE {that} END"

    def counted(self, node: nodes.Counted, indent: str) -> str:
        inner = indent + _STEP
        returned = f"DISTINCT {self.leaf(node.distinct)} AS counted" if node.distinct else "e"
        lines = [*self.pattern(node.pattern, inner), f"{inner}RETURN {returned}"]
        number = self.parameter("number", node.number)
        return f"{self.block('COUNT', lines, indent)} {node.operator} {number}"

    def at_least(self, node: nodes.AtLeast, indent: str) -> str:
        inner = indent + _STEP
        kept = f"DISTINCT {self.leaf(node.distinct)} AS counted" if node.distinct else "e"
        name = "counted" if node.distinct else "e"
        number = self.parameter("number", node.number - 1)
        lines = [
            *self.pattern(node.pattern, inner),
            f"{inner}WITH {kept} SKIP {number} LIMIT 1",
            f"{inner}RETURN {name}",
        ]
        return self.block("EXISTS", lines, indent)

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


def _others(found: list[str]) -> list[str]:
    """Return what counts those who exist and are not found: all but those, and but those to come.

    The number of all is at hand, and an index knows those to come.
    """
    return [
        "CALL () {",
        *_indented([*found, "RETURN count(contact) AS met"]),
        "}",
        "CALL () {",
        "  MATCH (contact:Contact)",
        "  RETURN count(contact) AS everybody",
        "}",
        "CALL () {",
        "  MATCH (contact:Contact)",
        "  USING INDEX SEEK contact:Contact(_since)",
        "  WHERE contact._since > $t",
        "  RETURN count(contact) AS to_come",
        "}",
        "RETURN everybody - to_come - met AS count",
    ]


def _indented(lines: Sequence[str]) -> list[str]:
    return [_STEP + line for part in lines for line in part.split("\n")]


def _where(conditions: Sequence[str], indent: str) -> list[str]:
    return [
        f"{indent}{'AND' if number else 'WHERE'} {condition}"
        for number, condition in enumerate(conditions)
    ]


def _types(names: Sequence[str]) -> str:
    return f":{'|'.join(names)}" if names else ""


def _label(events: nodes.Events) -> str:
    return f":{events.label}" if events.label else ""
