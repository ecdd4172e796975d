"""Print leaves, parameters, each under a name of its own, and lists of what is found once."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graph.cypher import nodes

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from re import Match

STEP = "  "
_VARIABLE = re.compile(rf"(?<![\w$.:'])({'|'.join(nodes.VARIABLES)})(?:_(\d+))?(?![\w(]|: )")


class Leaves:
    """Prints what is said to the letter, and keeps the values that it names.

    A parameter keeps its name; where two leaves use one name, the later gets a number: `$topic_2`.
    """

    def __init__(self, t: int, told: int) -> None:
        self.parameters: dict[str, object] = {"t": t}
        self._last_told = told
        self._t = "$t"
        self._told_by_then = told <= t
        self._printed: dict[tuple[int, str], str] = {}
        self._last: dict[str, int] = {}
        self._lists: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def _gathered(self) -> list[str]:
        """Return what is found once, each in a list with a name."""
        lines: list[str] = []
        for text, name in self._lists.items():
            lines += [f"WITH {'*, ' if lines else ''}COLLECT {{", text, f"}} AS {name}"]
        return lines

    def _gather(self, what: str, lines: Sequence[str]) -> str:
        """Return the name of what these lines find."""
        text = "\n".join(indented(lines))
        if text not in self._lists:
            number = self._numbers.get(what, 0) + 1
            self._numbers[what] = number
            self._lists[text] = what if number == 1 else f"{what}_{number}"
        return self._lists[text]

    def _call(self) -> str:
        return f"CALL ({', '.join(self._lists.values())}) {{"

    def _parameter(self, name: str, value: object) -> str:
        number = self._last.get(name, 0) + 1
        taken = name if number == 1 else f"{name}_{number}"
        while taken in self.parameters:
            number += 1
            taken = f"{name}_{number}"
        self._last[name] = number
        self.parameters[taken] = value
        return f"${taken}"

    @contextmanager
    def _as_of(self, t: int) -> Generator[None]:
        """Print what is asked of another instant."""
        outer = self._t, self._told_by_then
        self._t, self._told_by_then = self._parameter("t", t), self._last_told <= t
        try:
            yield
        finally:
            self._t, self._told_by_then = outer

    def _leaf(self, leaf: nodes.Leaf) -> str:
        known = self._printed.get((id(leaf), self._t))
        if known is None:
            known = self._printed[id(leaf), self._t] = self._said(leaf)
        return known

    def _said(self, leaf: nodes.Leaf) -> str:
        renamed: dict[str, str] = {} if self._t == "$t" else {"t": self._t}
        if "$told" in leaf.text:
            renamed["told"] = self._parameter("told", self._told_by_then)
        for name in nodes.names_in(leaf.text):
            taken = self._parameter(name, leaf.values[name])
            if taken != f"${name}":
                renamed[name] = taken
        if not renamed:
            return leaf.text

        def named(found: Match[str]) -> str:
            return renamed.get(found[1], found[0])

        return nodes.PARAMETER.sub(named, leaf.text)


def block(word: str, lines: Sequence[str], indent: str) -> str:
    """Return a subquery."""
    return "\n".join([f"{word} {{", *lines, f"{indent}}}"])


def indented(lines: Sequence[str]) -> list[str]:
    """Return lines a step further in."""
    return [STEP + line for part in lines for line in part.split("\n")]


def filtered(conditions: Sequence[str], indent: str) -> list[str]:
    """Return what must hold, one condition a line."""
    return [
        f"{indent}{'AND' if number else 'WHERE'} {condition}"
        for number, condition in enumerate(conditions)
    ]


def types(names: Sequence[str]) -> str:
    """Return that a relationship is of one of these types, or of any where none is named."""
    return f":{'|'.join(names)}" if names else ""


def label(events: nodes.Events) -> str:
    """Return the label of what events are about."""
    return f":{events.label}" if events.label else ""


def parted(events: nodes.Events) -> tuple[list[nodes.Predicate], list[nodes.Predicate]]:
    """Return the tests that may stand beside an index seek, and those that come after it."""
    late = [each for each in events.where if _of_contact(each)]
    return [each for each in events.where if each not in late], late


def _of_contact(node: nodes.Predicate) -> bool:
    """Tell whether a test of events looks at the contact too; no index seek stands beside one."""
    match node:
        case nodes.Leaf():
            return "contact" in node.text
        case nodes.Each():
            return "contact" in node.test.text
        case _:
            return False


def further(text: str) -> str:
    """Return what is said of a contact as it is said of one further out."""
    return _VARIABLE.sub(lambda found: f"{found[1]}_{int(found[2] or 1) + 1}", text)
