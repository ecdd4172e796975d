"""What every condition answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Final, Literal, LiteralString

from graph import errors, model
from graph.conditions import shape, words
from graph.cypher import nodes
from graph.subject import NEVER, Event
from graph.values import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.pattern import Pattern
    from graph.conditions.window import Window
    from graph.subject import Subject

_CONSENT: Final[LiteralString] = (
    "(e.purpose IS NULL OR NOT EXISTS { "
    "MATCH (contact)-[decided:CONSENT_DECIDED]->(:Purpose {key: e.purpose}) "
    "WHERE decided.at <= $t WITH decided ORDER BY decided.at DESC LIMIT 1 "
    "WHERE decided.state = 'WITHDRAWN' RETURN decided })"
)
_CONSENTED: Final = {
    "e": nodes.Leaf(_CONSENT),
    "first": nodes.Leaf(_CONSENT.replace("e.purpose", "first.purpose")),
    "theirs": nodes.Leaf(
        _CONSENT.replace("e.purpose", "theirs.purpose").replace("(contact)", "(other)")
    ),
}


_MOST_EDGES: Final = 1000
_MOST_TURNS: Final = 1000
"""So far is looked ahead: how many instants in a row, and how often anew."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition is compiled for: an instant, and the relationship type of each kind."""

    t: int
    types: Mapping[str, str]
    definitions: Mapping[str, Condition] = field(default_factory=dict[str, "Condition"])
    withdrawn: bool = True
    """Whether any contact has withdrawn a consent; without, no event need be looked at for it."""
    many: bool = True
    """Whether so many contacts are looked at that it pays to find once what others tell."""
    found_once: Callable[[Condition], nodes.Predicate] | None = None
    """Returns what of others holds at its instant, with those who meet it found once if sooner."""

    def at(self, t: int) -> Scope:
        """Return the same at another instant."""
        return replace(self, t=t, found_once=None)

    def of_others(self, who: Condition) -> nodes.Predicate:
        """Return that a condition holds of others, who may be many."""
        return who.predicate(self) if self.found_once is None else self.found_once(who)

    def definition(self, segment: str) -> Condition:
        """Return the current definition of a saved segment."""
        if segment not in self.definitions:
            raise errors.Fault(f"The definition of {segment!r} was not loaded")
        return self.definitions[segment]

    def counts(self, event: Literal["e", "first", "theirs"]) -> tuple[nodes.Leaf, ...]:
        """Return that no withdrawn consent keeps an event of the contact from counting."""
        return (_CONSENTED[event],) if self.withdrawn else ()

    def types_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the types of these kinds; of kinds that never happened one that nothing has."""
        known = sorted({self.types[name] for name in names if name in self.types})
        return tuple(known) or ((model.NO_EVENT,) if names else ())


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a condition found against what it asks, and in words what would turn it.

    `others` are the keys of other contacts, where the evidence is theirs.
    """

    found: Scalar | None = None
    asked: str | None = None
    to_flip: str | None = None
    events: tuple[Event, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """When time alone turns a verdict; None where it does not before `until`, which may be never.

    Nothing turns it before `until`; how far is looked ahead is bounded.
    """

    at: int | None
    until: int

    def text(self, t: int) -> str | None:
        """Say that time alone turns it, and when; None where it never does."""
        if self.at is not None:
            return f"time alone, at {words.moment(self.at, t)}"
        known = f"perhaps time alone, not before {words.moment(self.until, t)}"
        return None if self.until >= NEVER else known

    def note(self, t: int) -> str | None:
        """Say until when it surely stands, where it is not known when it turns."""
        if self.at is not None or self.until >= NEVER:
            return None
        return f"time alone does not turn it before {words.moment(self.until, t)}"


class Beyond:
    """Asks something of other contacts."""

    __slots__ = ()


class Condition(shape.OneOf):
    """True or false of one contact at one instant."""

    __slots__ = ()
    leaf: ClassVar[bool] = True
    """It looks at the contact itself; logic only joins others."""

    def predicate(self, scope: Scope) -> nodes.Predicate:
        """Return its meaning in Cypher, about `contact`."""
        raise NotImplementedError

    def holds(self, subject: Subject, t: int) -> bool:
        """Return its meaning in Python."""
        raise NotImplementedError

    def edges(self, subject: Subject, t: int) -> Iterable[int]:
        """Return instants after t, in any order, among them each at which time alone turns it."""
        raise NotImplementedError

    def stop(self, subject: Subject, t: int) -> int:
        """Return when something else than the contact's own past may turn it."""
        return subject.next_told(t)

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return until when its verdict stands if nothing happens: exactly or early, never late.

        Where others, or what was told ahead of its time, may move its edges, it ends there.
        """
        stop = self.stop(subject, t)
        verdict = self.holds(subject, t)
        ahead = sorted({at for at in self.edges(subject, t) if t < at < stop})
        looked = ahead[:_MOST_EDGES]
        unseen = ahead[_MOST_EDGES] if len(ahead) > len(looked) else stop
        return next((at for at in looked if self.holds(subject, at) is not verdict), unseen)

    def turn(self, subject: Subject, t: int) -> Turn:
        """Return when its verdict turns if nothing happens, as far as is looked ahead."""
        verdict, at = self.holds(subject, t), t
        for _ in range(_MOST_TURNS):
            at = self.valid_until(subject, at)
            if at >= NEVER:
                return Turn(None, NEVER)
            if self.holds(subject, at) is not verdict:
                return Turn(at, at)
        return Turn(None, at)

    def patterns(self) -> tuple[tuple[Pattern, Window | None], ...]:
        """Return which of the contact's events it looks at, each in its window."""
        return ()

    def needs(self) -> tuple[Condition, ...]:
        """Return what holds of each contact for whom it holds, and may be found sooner."""
        return ()

    def group(self, scope: Scope) -> nodes.Group | nodes.Told | None:
        """Return what finds all for whom it holds from the first that it needs; None if nothing."""
        del scope
        return None

    def second_group(self, scope: Scope) -> nodes.Group | None:
        """Return what finds all for whom it holds from the second that it needs, if anything."""
        del scope
        return None

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Return what it found at t, and what would turn it; `by_time` says if time alone does."""
        raise NotImplementedError

    def canonical(self) -> Condition:
        """Return the one way to say the same."""
        return shape.settled(self)

    def text(self) -> str:
        """Return it as part of an English sentence about a contact: `viewed a page …`."""
        raise NotImplementedError

    @property
    def parted(self) -> bool:
        """Whether its sentence has parts, so that within a longer one it stands in brackets."""
        return False

    def inner_text(self) -> str:
        """Return the same as part of a longer sentence, in brackets where it has parts itself."""
        return f"({self.text()})" if self.parted else self.text()

    def sentence(self) -> str:
        """Return it as one English sentence."""
        return f"Every contact who {self.text()}."

    def untrue(self) -> str:
        """Return its contrary as part of an English sentence about a contact."""
        return f"is not among those who {self.text()}"
