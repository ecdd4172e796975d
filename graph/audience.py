"""Who meets a condition at an instant: how many, who, and how that is found out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, cast

from graph import errors
from graph.breakdown import Breakdown, read_breakdown
from graph.compiler import compiled
from graph.conditions import Condition, write
from graph.conditions.logic import AllOf, Not
from graph.contacts import Contact, contact_of
from graph.cursor import cursor, position
from graph.cypher import queries
from graph.database import Reader, Statement
from graph.estimates import Facts
from graph.values import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.values import Stored


LONGEST_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of contacts: each with its cursor, and where that is kept its beginning by its key."""

    items: Sequence[tuple[str, Contact]]
    more: bool
    since: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Plan:
    """How a count is found: the statement, and the engine's operators, outermost first."""

    statement: Statement
    operators: tuple[str, ...]
    estimated_rows: float | None

    def parameters(self) -> object:
        """Return the statement's values as JSON."""
        return _json(self.statement.parameters)


@dataclass(frozen=True, slots=True)
class Audience:
    """The contacts who meet a condition at t; `at` is t where it was asked for.

    Cursors are good for the same condition and `at`, or for what it is said to be `of`.
    """

    database: Reader
    condition: Condition
    facts: Facts
    t: int
    at: int | None
    as_of: int
    of: object = None

    @property
    def definition(self) -> Mapping[str, object]:
        """The condition's canonical form, in the shape of the input."""
        return write(self.condition.canonical())

    @property
    def text(self) -> str:
        """One English sentence."""
        return self.condition.sentence()

    async def count(self) -> int:
        """Return how many there are."""
        (row,) = await self.database.read(self.counting())
        return row["count"]

    def counting(self) -> Statement:
        """Return the statement that counts them."""
        return self._statement(queries.Count())

    async def members(self, first: int, after: str | None) -> Slice:
        """Return a page of them in the order of their keys.

        Raises:
            BadInput: `first` is out of range, or `after` a cursor of another list.
        """
        check_first(first)
        of = [self.definition, self.at] if self.of is None else self.of
        start = "" if after is None else cast("str", position(of, after, [str])[0])
        rows = await self.database.read(self._statement(queries.Page(first + 1, start)))
        found = [contact_of(row["contact"]) for row in rows[:first]]
        return Slice([(cursor(of, [each.key]), each) for each in found], len(rows) > first)

    async def breakdown(self) -> Breakdown:
        """Return how many each part of the condition finds, and leaves."""
        return await read_breakdown(self.database, self.condition, self.t, self.facts)

    def compared(self, before: Audience) -> Compared:
        """Return who differs from those who meet another condition, the one before."""
        now, then = self.condition, before.condition
        definitions = {**before.facts.definitions, **self.facts.definitions}
        both = replace(self, facts=replace(self.facts, definitions=definitions))
        return Compared(
            entering=replace(both, condition=AllOf((now, Not(then)))),
            leaving=replace(both, condition=AllOf((then, Not(now)))),
            staying=replace(both, condition=AllOf((now, then))),
        )

    async def plan(self) -> Plan:
        """Return how the engine counts them."""
        statement = self.counting()
        root = await self.database.explain(statement)
        rows = cast("Mapping[str, object]", root.get("args", {})).get("EstimatedRows")
        return Plan(statement, tuple(_operators(root)), cast("float | None", rows))

    def _statement(self, asked: queries.Asked) -> Statement:
        return compiled(self.condition.canonical(), asked, self.t, self.facts)


@dataclass(frozen=True, slots=True)
class Compared:
    """Who comes in, goes out and stays where a condition takes the place of another."""

    entering: Audience
    leaving: Audience
    staying: Audience


def check_first(first: int) -> None:
    """Refuse a page of no or of too many items."""
    if not 0 <= first <= LONGEST_PAGE:
        raise errors.BadInput(
            f"first is from 0 to {LONGEST_PAGE}, not {first}; go on with `after`", "first"
        )


def _json(value: object) -> object:
    match value:
        case dict():
            return {key: _json(each) for key, each in cast("dict[str, object]", value).items()}
        case list() | tuple():
            return [_json(each) for each in cast("Sequence[object]", value)]
        case _:
            return to_json(cast("Stored", value))


def _operators(plan: Mapping[str, object]) -> Iterable[str]:
    name = cast("str", plan["operatorType"]).split("@", maxsplit=1)[0]
    details = cast("Mapping[str, object]", plan.get("args", {})).get("Details")
    yield f"{name} {details}" if details else name
    for child in cast("Sequence[Mapping[str, object]]", plan.get("children", ())):
        yield from _operators(child)
