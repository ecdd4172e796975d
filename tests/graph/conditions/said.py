"""A condition as tests look at it: its Cypher about a contact, and its text, in short lines."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from graph.conditions import Scope, read
from graph.cypher.nodes import Leaf
from graph.cypher.queries import Count, Everyone, Query
from graph.cypher.render import render
from graph.times import read_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.conditions.comparison import Comparison
    from graph.conditions.trait import AccountIs
    from graph.cypher.nodes import Predicate

T: Final = read_instant("2026-06-15T12:00:00Z")
TYPES: Final = {"Viewed": "VIEWED", "Clicked": "CLICKED", "Signed Up": "SIGNED_UP"}
SCOPE: Final = Scope(T, TYPES, withdrawn=False)


class Row(NamedTuple):
    """A condition: what it says, what its contrary says, and its Cypher."""

    where: Mapping[str, object]
    text: str
    untrue: str
    cypher: str


def row(where: Mapping[str, object]) -> Row:
    """Return what a condition gives."""
    condition = read(where)
    return Row(where, lines(condition.text()), lines(condition.untrue()), cypher(where))


def cypher(where: Mapping[str, object]) -> str:
    """Return what must hold of a `contact`."""
    return _rendered(read(where).predicate(SCOPE))


def comparison(is_: Mapping[str, object]) -> Comparison:
    """Return what a trait or property must meet."""
    where = {"account": {"traits": [{"name": "v", "is": is_}]}}
    return cast("AccountIs", read(where)).traits[0].is_


def compared(is_: Mapping[str, object]) -> str:
    """Return what must hold of a value `v`."""
    return _rendered(comparison(is_).predicate(Leaf("v"), T))


def lines(text: str) -> str:
    """Return a long line as several."""
    return "\n".join(
        textwrap.fill(line, 84, subsequent_indent="    ", break_long_words=False)
        for line in text.splitlines()
    )


def _rendered(predicate: Predicate) -> str:
    """Return a predicate with the value of each short parameter in its place."""
    statement = render(Query(Everyone(), (predicate,), Count(), T))
    text = statement.text.replace("MATCH (contact:Contact)\nWHERE ", "", 1)
    text = text.rpartition("\n")[0]

    def shown(name: re.Match[str]) -> str:
        value = repr(statement.parameters[name[1]])
        return value if name[1] != "t" and len(value) < 80 else name[0]

    return lines(re.sub(r"\$(\w+)", shown, text))
