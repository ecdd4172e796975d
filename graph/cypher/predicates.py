"""Print what must hold of a contact: predicates, the patterns in them, and what is found once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from graph import model
from graph.cypher import nodes
from graph.cypher.leaves import STEP, block, filtered, further, indented, label, parted, types
from graph.cypher.patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

_OTHER = re.compile(r"(?<![\w$.:'])other\b")


class Predicates(Patterns):
    """Prints predicates; what of them is found once, is gathered in lists that have names."""

    def __init__(self, t: int, told: int, *, gathers: bool) -> None:
        super().__init__(t, told)
        self._gathers = gathers
        self._groups: dict[int, str] = {}

    def _group(self, seed: nodes.Group | nodes.Told) -> tuple[list[str], str]:
        if isinstance(seed, nodes.Told):
            lines = [*self._path(seed.pattern, ""), f"WITH contact, found ORDER BY {seed.by}"]
            lines += ["WITH contact, collect(found) AS told", *self._conditions((seed.test,), "")]
            return lines, "contact"
        if seed.t is None:
            return self._grouped(seed)
        with self._as_of(seed.t):
            return self._grouped(seed)

    def _grouped(self, seed: nodes.Group) -> tuple[list[str], str]:
        if seed.inward is None:
            lines = self._seeks(seed.events)
        elif seed.sought is None:
            lines = [*self._path(seed.inward, ""), "WITH DISTINCT thing"]
            lines += self._from_thing(seed.events, seed.events.where)
        else:
            lines = self._inward_or_sought(seed.inward, seed.events, seed.sought)
        return self._grouping(lines, seed)

    def _from_thing(self, events: nodes.Events, where: Sequence[nodes.Predicate]) -> list[str]:
        match = f"MATCH (thing)<-[e{types(events.types)}]-(contact)"
        return [match, *self._conditions(where, "")]

    def _inward_or_sought(self, way: nodes.Path, events: nodes.Events, sought: int) -> list[str]:
        """Return what goes from things to their events if these are few, else seeks by time.

        How many events a thing has is at hand, but only while the statement runs.
        """
        early, late = parted(events)
        lines = [*self._path(way, ""), "WITH DISTINCT thing"]
        few = self._parameter("sought", sought)
        inward = f"UNWIND CASE WHEN edges <= {few} THEN named ELSE [] END AS thing"
        branches = [[inward, *self._from_thing(events, early)]]
        for name in events.types:
            branch = [
                f"UNWIND CASE WHEN edges > {few} THEN [named] ELSE [] END AS about",
                *self._sought(events, name),
                f"{'AND' if early else 'WHERE'} thing IN about",
            ]
            branches.append(branch)
        degree = f"COUNT {{ (thing)<-[{types(events.types)}]-() }}"
        call = f"CALL ({', '.join(['named', 'edges', *self._lists.values()])}) {{"
        lines += [f"WITH collect(thing) AS named, sum({degree}) AS edges", call]
        return [*lines, *self._union(branches, late)]

    def _seeks(self, events: nodes.Events) -> list[str]:
        _, late = parted(events)
        if len(events.types) == 1 and not late:
            return self._sought(events, events.types[0])
        branches = [self._sought(events, name) for name in events.types]
        return [self._call(), *self._union(branches, late)]

    def _union(self, branches: Sequence[list[str]], late: Sequence[nodes.Predicate]) -> list[str]:
        """Return branches to the end of their CALL, and what the events must meet after it."""
        lines: list[str] = []
        for number, branch in enumerate(branches):
            lines += [f"{STEP}UNION ALL"] if number else []
            lines += indented([*branch, "RETURN contact, e, thing"])
        lines.append("}")
        return [*lines, "WITH contact, e, thing", *self._conditions(late, "")] if late else lines

    def _grouping(self, lines: list[str], seed: nodes.Group) -> tuple[list[str], str]:
        if seed.around:
            lines += ["WITH thing, collect(contact) AS met", *self._pipe(seed.around, "")]
            lines.append("UNWIND met AS contact")
        if not seed.bounds and seed.numbers is None:
            return [*lines, *self._pipe(seed.pipe, "", "contact, ")], "DISTINCT contact"
        what = f"DISTINCT {self._leaf(seed.distinct)}" if seed.distinct else "*"
        made = [f"count({what}) AS matches"] if seed.bounds else []
        tests = [f"matches {sign} {self._parameter('number', n)}" for sign, n in seed.bounds]
        if seed.numbers is not None:
            number = self._leaf(seed.numbers.number)
            lines.append(f"WITH contact, e.at AS at, {number} AS number ORDER BY at, number")
            made.append(f"{_numbers('collect(number)')} AS numbers")
            tests.append(self._predicate(seed.numbers.test, ""))
        return [*lines, f"WITH contact, {', '.join(made)}", *filtered(tests, "")], "contact"

    def _sought(self, events: nodes.Events, name: str) -> list[str]:
        return [
            f"MATCH (contact)-[e:{name}]->(thing{label(events)})",
            *([] if name == model.NO_EVENT else [f"USING INDEX SEEK e:{name}(at)"]),
            *self._conditions(parted(events)[0], ""),
        ]

    def _predicate(self, node: nodes.Predicate, indent: str) -> str:  # noqa: C901, PLR0911, PLR0912 - a closed union
        match node:
            case nodes.Leaf():
                return self._leaf(node)
            case nodes.Each():
                return self._each(node)
            case nodes.Below() | nodes.Found():
                return self._once(node, indent)
            case nodes.AsTold():
                return self._as_told(node, indent)
            case nodes.Among():
                return self._among(node)
            case nodes.Exists():
                return block("EXISTS", self._pattern(node.pattern, indent + STEP), indent)
            case nodes.AtLeast():
                return self._at_least(node, indent)
            case nodes.Counted():
                return self._counted(node, indent)
            case nodes.Piped():
                return self._piped(node, indent)
            case nodes.Listed() | nodes.Told():
                return self._listed(node, indent)
            case nodes.Some():
                return self._some(node, indent)
            case nodes.MoreOften():
                return self._more_often(node, indent)
            case nodes.Others():
                return self._others(node, indent)
            case nodes.At():
                return self._at(node, indent)
            case nodes.Newest():
                return self._newest(node, indent)
            case nodes.Every():
                return self._joined("AND", node.children, indent)
            case nodes.Either():
                return self._either(node, indent)
            case nodes.Negated():
                return f"NOT ({self._predicate(node.child, indent)})"
            case _:
                assert_never(node)

    def _either(self, node: nodes.Either, indent: str) -> str:
        if not any(isinstance(child, nodes.Every) for child in node.children):
            return self._joined("OR", node.children, indent)
        # The planner would multiply out an OR of ANDs, and take minutes for a few of them.
        inner = indent + STEP
        cases = [f"{inner}WHEN {self._predicate(each, inner)} THEN true" for each in node.children]
        return "\n".join(["CASE", *cases, f"{inner}ELSE false", f"{indent}END"])

    def _joined(self, word: str, children: Sequence[nodes.Predicate], indent: str) -> str:
        if len(children) == 1:
            return self._predicate(children[0], indent)
        inner = indent + STEP
        parts = [self._predicate(child, inner) for child in children]
        return "(" + f"\n{inner}{word} ".join(parts) + ")"

    def _each(self, node: nodes.Each) -> str:
        value, test = self._leaf(node.value), self._leaf(node.test)
        if node.every:
            return (
                f"coalesce(size([] + {value}) > 0 "
                f"AND all(value IN [] + {value} WHERE {test}), false)"
            )
        return f"coalesce(any(value IN [] + {value} WHERE {test}), false)"

    def _once(self, node: nodes.Below | nodes.Found, indent: str) -> str:
        """Return that a thing, or a place, is one of those that are found once."""
        if isinstance(node, nodes.Found):
            return self._found(node, indent)
        if not self._gathers:
            lines = self._path(nodes.Path(node.outward), indent + STEP)
            return block("EXISTS", lines, indent)
        way = f"MATCH {self._leaf(node.inward)}"
        return f"thing IN {self._gather('things', [way, 'RETURN DISTINCT thing'])}"

    def _found(self, node: nodes.Found, indent: str) -> str:
        if not self._gathers:
            return self._predicate(node.test, indent)
        name = node.name
        lines = [f"MATCH ({name}:{node.label})", *self._conditions((node.test,), "")]
        return f"{name} IN {self._gather(f'{name}s', [*lines, f'RETURN {name}'])}"

    def _as_told(self, node: nodes.AsTold, indent: str) -> str:
        newest = self._predicate(node.newest, indent)
        if self._told_by_then:
            return newest
        of_old = self._predicate(node.of_old, indent)
        return (
            f"CASE WHEN coalesce(contact._told <= {self._t}, true) THEN {newest} ELSE {of_old} END"
        )

    def _counted(self, node: nodes.Counted, indent: str) -> str:
        inner = indent + STEP
        returned = f"DISTINCT {self._leaf(node.distinct)} AS counted" if node.distinct else "e"
        lines = [*self._pattern(node.pattern, inner), f"{inner}RETURN {returned}"]
        number = self._parameter("number", node.number)
        return f"{block('COUNT', lines, indent)} {node.operator} {number}"

    def _at_least(self, node: nodes.AtLeast, indent: str) -> str:
        inner = indent + STEP
        kept = f"DISTINCT {self._leaf(node.distinct)} AS counted" if node.distinct else "e"
        name = "counted" if node.distinct else "e"
        number = self._parameter("number", node.number - 1)
        lines = [
            *self._pattern(node.pattern, inner),
            f"{inner}WITH {kept} SKIP {number} LIMIT 1",
            f"{inner}RETURN {name}",
        ]
        return block("EXISTS", lines, indent)

    def _piped(self, node: nodes.Piped, indent: str) -> str:
        inner = indent + STEP
        lines = [*self._pattern(node.pattern, inner), *self._pipe(node.pipe, inner)]
        return block("EXISTS", [*lines, f"{inner}RETURN 1 AS one"], indent)

    def _among(self, node: nodes.Among) -> str:
        return f"contact IN {self._contacts(node.group)}"

    def _contacts(self, group: nodes.Group | nodes.Told) -> str:
        """Return the name of the list of those whom a group finds."""
        if id(group) not in self._groups:
            lines, projection = self._group(group)
            lines.append(f"RETURN {projection}")
            self._groups[id(group)] = self._gather("contacts", lines)
        return self._groups[id(group)]

    def _listed(self, node: nodes.Listed | nodes.Told, indent: str) -> str:
        inner = indent + STEP
        if isinstance(node, nodes.Told):
            lines = [*self._path(node.pattern, inner), f"{inner}RETURN found ORDER BY {node.by}"]
            test = self._predicate(node.test, indent)
            return f"any(told IN [{block('COLLECT', lines, indent)}] WHERE {test})"
        number = self._leaf(node.numbers.number)
        lines = [
            *self._pattern(node.pattern, inner),
            f"{inner}WITH e.at AS at, {number} AS number",
            f"{inner}RETURN number ORDER BY at, number",
        ]
        test = self._predicate(node.numbers.test, indent)
        return f"any(numbers IN [{_numbers(block('COLLECT', lines, indent))}] WHERE {test})"

    def _some(self, node: nodes.Some, indent: str) -> str:
        elements = self._leaf(node.elements)
        return f"any({node.name} IN {elements} WHERE {self._predicate(node.test, indent)})"

    def _more_often(self, node: nodes.MoreOften, indent: str) -> str:
        these, those = (
            self._leaf(each) if isinstance(each, nodes.Leaf) else self._number_of(each, indent)
            for each in (node.these, node.those)
        )
        return f"{these} > {those}"

    def _number_of(self, events: nodes.Events, indent: str) -> str:
        inner = indent + STEP
        return block("COUNT", [*self._pattern(events, inner), f"{inner}RETURN e"], indent)

    def _others(self, node: nodes.Others, indent: str) -> str:
        inner = indent + STEP
        path = node.path
        lines = (
            self._path(path, inner)
            if isinstance(path, nodes.Path)
            else [
                f"{inner}MATCH (thing)<-[theirs:{path.type}]-(other)",
                *self._conditions(path.where, inner),
            ]
        )
        found = "DISTINCT contact_2"
        if node.who is not None:
            who = further(self._predicate(node.who, inner))
            if isinstance(node.who, nodes.Among):
                lines.append(f"{inner}AND {who}")
            else:
                # Apart from the way there: a planner weighs many plans of it, each with all of who.
                lines += [f"{inner}WITH {found}", f"{inner}WHERE {who}"]
                found = "contact_2"
        lines = [_OTHER.sub("contact_2", line) for line in lines]
        counted = block("COUNT", [*lines, f"{inner}RETURN {found}"], indent)
        bounds = [
            f"{operator} {self._parameter('number', number)}" for operator, number in node.bounds
        ]
        if len(bounds) == 1:
            return f"{counted} {bounds[0]}"
        # Counted once: a planner takes each subquery inside for itself.
        tests = " AND ".join(f"number {bound}" for bound in bounds)
        return f"any(number IN [{counted}] WHERE {tests})"

    def _at(self, node: nodes.At, indent: str) -> str:
        with self._as_of(node.t):
            return self._predicate(node.child, indent)

    def _newest(self, node: nodes.Newest, indent: str) -> str:
        inner = indent + STEP
        lines = [
            *self._path(node.pattern, inner),
            f"{inner}WITH found ORDER BY {node.by} DESC LIMIT 1",
            f"{inner}WHERE {self._predicate(node.then, inner)}",
            f"{inner}RETURN found",
        ]
        return block("EXISTS", lines, indent)


def _numbers(values: str) -> str:
    """Return those of a list that are numbers, as numbers of one type."""
    test = "number IS :: INTEGER NOT NULL | FLOAT NOT NULL"
    return f"[number IN {values}\n{STEP}WHERE ({test}) | toFloat(number)]"
