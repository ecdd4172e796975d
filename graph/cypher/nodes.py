"""The nodes of a query: a typed skeleton of what varies, with literal leaves in it.

Variables have fixed names: `contact` is who is asked about, `e` an event, `thing` what it was
about, `value` an element under test, `found` the newest of something.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, LiteralString, TypeAlias

from graph import errors

Operator: TypeAlias = Literal[">=", "<=", "="]
Bound: TypeAlias = tuple[Operator, int]

PARAMETER = re.compile(r"\$(\w+)")
VARIABLES = (
    *("contact", "other", "account", "e", "thing", "place", "above", "theirs", "first", "start"),
    *("found", "held", "later", "told", "decided", "last", "tie", "taken", "rival", "value"),
    *("period", "number", "total", "periods", "numbers", "times", "most", "own", "counted"),
    *("at", "met"),
)
"""All that leaves name; inside of what is said about others each gets a number of its own."""
GIVEN = ("t", "told")
"""What a query itself gives: its instant, and whether no contact was told a trait for later."""
_TYPE = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)


@lru_cache(4096)
def names_in(text: str) -> tuple[str, ...]:
    """Return the values that a piece of Cypher names, in order, each once; the query's aside."""
    return tuple(name for name in dict.fromkeys(PARAMETER.findall(text)) if name not in GIVEN)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of Cypher to the letter; its `$names` are exactly its values.

    `$t`, the instant of evaluation, and `$told`, whether no contact was told a trait for after it,
    belong to the query and are never among the values.
    """

    text: LiteralString
    values: Mapping[str, object] = field(default_factory=dict[str, object])

    def __post_init__(self) -> None:
        if set(self.values) != set(names_in(self.text)):
            raise errors.Fault(f"{self.text!r} does not name exactly {sorted(self.values)}")


@dataclass(frozen=True, slots=True)
class Each:
    """A test of a value that may be a list: true of any element, or of `every` one and not none.

    A value that is missing makes it false.
    """

    value: Leaf
    test: Leaf
    every: bool = False


@dataclass(frozen=True, slots=True)
class Events:
    """The contact's events of these types, of any where none is given, about things of a label.

    Where `first` is given, its events come first and `start` is the instant of the earliest; they
    are named `first` in `first_where`.
    """

    types: tuple[str, ...] = ()
    label: LiteralString | None = None
    where: tuple[Predicate, ...] = ()
    first: tuple[str, ...] | None = None
    first_where: tuple[Predicate, ...] = ()

    def __post_init__(self) -> None:
        _check_types(*self.types, *(self.first or ()))


@dataclass(frozen=True, slots=True)
class Path:
    """A pattern to the letter, and what must hold in it."""

    match: Leaf
    where: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Below:
    """The `thing` lies at the end of a way that begins at a named place.

    `inward` finds all such things; `outward` is the same pattern about one that is bound.
    """

    inward: Leaf
    outward: Leaf


@dataclass(frozen=True, slots=True)
class Found:
    """The `thing`, or `place`, is one of those of a label of which this holds, found once."""

    name: Literal["thing", "place"]
    label: LiteralString
    test: Predicate


@dataclass(frozen=True, slots=True)
class AsTold:
    """What holds of a contact's newest traits, or of those of old where newer ones are yet to come.

    Where no contact was told a trait for after the instant, only the newest are looked at.
    """

    newest: Predicate
    of_old: Predicate


@dataclass(frozen=True, slots=True)
class Exists:
    """There is such a pattern."""

    pattern: Events | Path


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of rows, or of different values of `distinct`, compares so."""

    pattern: Events
    operator: Operator
    number: int
    distinct: Leaf | None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """There are so many rows, or different values of `distinct`; no more are looked at."""

    pattern: Events
    number: int
    distinct: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """A clause that keeps the rows of which all of these hold."""

    tests: tuple[Predicate, ...]

    def __post_init__(self) -> None:
        refuse_none(self.tests)


Pipe: TypeAlias = "tuple[Leaf | Where | Events, ...]"


@dataclass(frozen=True, slots=True)
class Piped:
    """A row is left at the end of a pipe of clauses that begins with events."""

    pattern: Events
    pipe: Pipe


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of events as one list `numbers`, empty too, in order of time, meet a test.

    Each event gives one value; what is no number drops out, and of equal times the lesser comes
    first.
    """

    number: Leaf
    test: Predicate


@dataclass(frozen=True, slots=True)
class Listed:
    """The numbers of a contact's events meet a test."""

    pattern: Events
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Some:
    """Any of the elements of a list, under a name, meets a test."""

    name: LiteralString
    elements: Leaf
    test: Predicate


@dataclass(frozen=True, slots=True)
class Told:
    """All of such a pattern, as one list `told` by their `by`, empty too, meet a test.

    In the pattern each is named `found`. As what contacts are found by it starts from the pattern,
    and leaves out those who have none of it.
    """

    pattern: Path
    by: LiteralString
    test: Predicate


@dataclass(frozen=True, slots=True)
class MoreOften:
    """There are more of some events, or of a number that is at hand, than of others."""

    these: Events | Leaf
    those: Events


@dataclass(frozen=True, slots=True)
class Others:
    """The number of different contacts at the end of a path, named `other` in it, meets all bounds.

    `who` is what must hold of each of them, said about a `contact` of its own; None is anything.
    """

    path: Path | Audience
    who: Predicate | None
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """Contacts with an event of a type about the `thing`; the event is `theirs`."""

    type: str
    where: tuple[Predicate, ...] = ()

    def __post_init__(self) -> None:
        _check_types(self.type)


@dataclass(frozen=True, slots=True)
class At:
    """This holds with `$t` at another instant."""

    t: int
    child: Predicate


@dataclass(frozen=True, slots=True)
class Newest:
    """There is such a pattern, and the one with the greatest `by` of it, named `found`, passes."""

    pattern: Path
    by: LiteralString
    then: Predicate


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    children: tuple[Predicate, ...]

    def __post_init__(self) -> None:
        refuse_none(self.children)


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these holds."""

    children: tuple[Predicate, ...]

    def __post_init__(self) -> None:
        refuse_none(self.children)


@dataclass(frozen=True, slots=True)
class Negated:
    """This does not hold."""

    child: Predicate


@dataclass(frozen=True, slots=True)
class Among:
    """The contact is one of those that a group finds; they are found once."""

    group: Group | Told


_Logic: TypeAlias = "Every | Either | Negated"
_Listed: TypeAlias = "Piped | Listed | Some | Told"
_Counted: TypeAlias = "Exists | AtLeast | Counted | MoreOften | Others | Newest | Among"
Predicate: TypeAlias = "Leaf | Each | Below | Found | AsTold | At | _Counted | _Listed | _Logic"


@dataclass(frozen=True, slots=True)
class Group:
    """Start from events, by their index on time or from the things inwards, one row a contact.

    `inward` is the way from what is named to `thing`; without it each type's index is sought. With
    `sought`, the number of events that the indexes would give, they are sought where the things
    turn out to have more.
    With `t` all is asked at that instant. Where there is a `pipe`, events go through it, and a row
    stays for whom any is left at its end. Before it, what is `around` a thing is gone through once
    for each thing; whom its events are of is meanwhile in a list `met`.
    A row stays if the number of its events, or of different values of `distinct`, meets all bounds,
    and if their `numbers` do.
    """

    events: Events
    inward: Path | None = None
    bounds: tuple[Bound, ...] = ()
    distinct: Leaf | None = None
    sought: int | None = None
    around: Pipe = ()
    pipe: Pipe = ()
    numbers: Numbers | None = None
    t: int | None = None


@lru_cache(4096)
def _check_types(*names: str) -> None:
    for name in names:
        if not _TYPE.fullmatch(name):
            raise errors.Fault(f"{name!r} is not a relationship type")


def refuse_none(children: tuple[Predicate, ...]) -> None:
    """Refuse logic over nothing, a fault of the compiler.

    Raises:
        Fault: there are no children.
    """
    if not children:
        raise errors.Fault("Logic needs something to hold")
