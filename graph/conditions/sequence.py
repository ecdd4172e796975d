"""`sequence`: one thing done after another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from graph import errors
from graph.conditions import shape, words
from graph.conditions.base import Condition, Evidence
from graph.conditions.chain import begun, followed, ids, silent
from graph.conditions.did import did
from graph.conditions.distinct import DistinctProperty, DistinctThing
from graph.conditions.pattern import Pattern, piped_group, simplified, when
from graph.conditions.shape import Duration
from graph.conditions.window import Window
from graph.cypher.nodes import Events, Exists, Group, Leaf, Negated, Piped, Where

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from graph.conditions.base import Scope
    from graph.conditions.chain import End, Ends
    from graph.cypher.nodes import Pipe, Predicate
    from graph.subject import Event, Subject

MOST_STEPS: Final = 6


class SameBy(shape.OneOf):
    """What ties the steps: exactly one of its choices."""

    __slots__ = ()

    def by(self) -> DistinctThing | DistinctProperty:
        """Return what is equal for events that are tied."""
        raise NotImplementedError

    def text(self) -> str:
        """Return it in English."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SameThing(SameBy):
    """All steps are about the same thing.

    Attributes:
        chosen: true.
    """

    inline: ClassVar[bool] = True
    chosen: bool

    def __post_init__(self) -> None:
        if not self.chosen:
            raise errors.BadInput("`thing` is chosen by true; leave `same` out instead")

    def by(self) -> DistinctThing:
        """Return the thing."""
        return DistinctThing(chosen=True)

    def text(self) -> str:
        """Return `all about the same thing`."""
        return "all about the same thing"


@dataclass(frozen=True, slots=True)
class SameProperty(SameBy):
    """All steps have an equal value of a property.

    Attributes:
        property: Its name; events without it are no steps.
    """

    inline: ClassVar[bool] = True
    property: str

    def __post_init__(self) -> None:
        DistinctProperty(self.property)

    def by(self) -> DistinctProperty:
        """Return the property."""
        return DistinctProperty(self.property)

    def text(self) -> str:
        """Return `all with the same “order_id”`."""
        return f"all with the same {words.quoted(self.property)}"


SameBy.choices = {"thing": SameThing, "property": SameProperty}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Pattern):
    """One step of a sequence.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        within: How long after the step before it at most; not on the first.
        absent: That no such event follows; only on the last. With `within` it is true from the
            end of that time on.
    """

    within: Duration | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Sequence(Condition):
    """Different events match the steps in order, each not earlier than the one before.

    Attributes:
        steps: From two to six.
        same: What is the same in all of them.
        within: When the first step happened; any time up to now where absent.
    """

    steps: tuple[Step, ...]
    same: SameBy | None = None
    within: Window | None = None

    def __post_init__(self) -> None:
        number = len(self.steps)
        if not 2 <= number <= MOST_STEPS:  # noqa: PLR2004 - a sequence begins with two
            raise errors.BadInput(
                f"A sequence has from 2 to {MOST_STEPS} steps, not {number}: one alone is `did`",
                "steps",
            )
        if self.steps[0].within is not None:
            raise errors.BadInput(
                "The first step follows none: say when it happened by the sequence's `within`",
                *("steps", 0, "within"),
            )
        for index, step in enumerate(self.steps[:-1]):
            if step.absent:
                raise errors.BadInput(
                    "Only the last step can be absent: put it at the end, or leave `absent` out",
                    "steps",
                    index,
                    "absent",
                )

    @property
    def parted(self) -> bool:
        """That its sentence has parts."""
        return True

    @property
    def _present(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.absent)

    def holds(self, subject: Subject, t: int) -> bool:
        """Go from step to step, with all events that each of them can be."""
        return any(
            any(self._ended(end, events, t) for end in ends[-1])
            for ends, events in self._chains(subject, t)
        )

    def needs(self) -> tuple[Condition, ...]:
        """Return each step that is to be made."""
        first, *following = self._present
        return (did(first, self.within), *(did(step, None) for step in following))

    def _ended(self, end: End, events: list[Event], t: int) -> bool:
        last = self.steps[-1]
        return not last.absent or silent(end, events, last.within, t)

    def group(self, scope: Scope) -> Group | None:
        """Return the same pipe for the events of all."""
        return piped_group(self.predicate(scope))

    def second_group(self, scope: Scope) -> Group | None:
        """Go on from the second step's events that one of the first leads to."""
        first, *following = self._present
        before = self._found(first, scope, self.within)
        if not following or not self._apart or before.first is not None:
            return None
        second, *rest = following
        led = (Leaf("e.at <= last.at"), *self._tie())
        if second.within is not None:
            led = (*led, Leaf("last.at <= e.at + $within", {"within": second.within}))
        there = Exists(replace(before, where=(*before.where, *led)))
        tests, onward = (there,), self._pipe(rest, scope)[1:]
        if onward and isinstance(onward[0], Where):
            tests, onward = (*onward[0].tests, there), onward[1:]
        pipe = (self._kept(first=True), Where(tests), *onward)
        return Group(self._found(second, scope, None), pipe=pipe)

    def patterns(self) -> tuple[tuple[Pattern, Window | None], ...]:
        """Return each step; the first in the window."""
        first, *following = self.steps
        return ((first, self.within), *((step, None) for step in following))

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show how many of the steps were made, by the events of the longest chain."""
        chains = [ends for ends, _ in self._chains(subject, t)]
        longest = max(chains, key=lambda ends: sum(map(bool, ends)), default=list["Ends"]())
        events = {event.id: event for event in subject.history.events}
        made = [events[each] for each in ids(longest, [step.within for step in self._present])]
        whole = self.steps[-1].absent and self.holds(subject, t)
        return Evidence(
            len(made) + whole,
            f"all {len(self.steps)} steps",
            words.either(self._way(subject, t, made), by_time)
            or "nothing: what was done stays done",
            tuple(made),
        )

    def _way(self, subject: Subject, t: int, made: list[Event]) -> str | None:
        """Return what would have to happen; None where nothing that happens turns it."""
        last = self.steps[-1]
        if self.holds(subject, t):
            open_ = last.absent and last.within is None
            return f"one {last.noun()} after all" if open_ else None
        if not made:
            return f"one {self.steps[0].noun()}{when(self.within, subject, t)}, and what follows"
        step = self.steps[len(made)]
        until = None if step.within is None else made[-1].at + step.within
        if step.absent:
            waits = until is not None and until > t
            return None if waits else f"the steps anew, and no {step.noun()} after them"
        if until is not None and until < t:
            over = words.moment(until, t)
            return f"the steps anew: one {step.noun()} was to follow before {over}"
        before = "" if until is None else f" before {words.moment(until, t)}"
        return f"one {step.noun()} after that{before}"

    def _tied(
        self, step: Step, subject: Subject, t: int, window: Window | None
    ) -> dict[Hashable, list[Event]]:
        """Return the events that a step can be, in order of time, by what ties them."""
        zone = subject.zone(t)
        tied: dict[Hashable, list[Event]] = {}
        for event in step.ordered(subject, t, window):
            key = True if self.same is None else self.same.by().key(event, zone)
            if key is not None:
                tied.setdefault(key, []).append(event)
        return tied

    def _chains(self, subject: Subject, t: int) -> Iterator[tuple[list[Ends], list[Event]]]:
        """Yield, for each tie, the ends of each present step, and the events of the last step."""
        firsts = self._tied(self.steps[0], subject, t, self.within)
        rest = [self._tied(step, subject, t, None) for step in self.steps[1:]]
        for key, events in firsts.items():
            ends = [begun(events)]
            following = [found.get(key, []) for found in rest]
            for step, found in zip(self._present[1:], following, strict=False):
                ends.append(followed(ends[-1], found, step.within))
            yield ends, following[-1]

    def edges(self, subject: Subject, t: int) -> Iterable[int]:
        """Return when events get in or out, and when the time of an absence is over."""
        yield from self.steps[0].turns(subject, t, self.within)
        for step in self.steps[1:]:
            yield from step.turns(subject, t, None)
        *_, before, last = self.steps
        if last.absent and last.within is not None:
            yield from (event.at + last.within for event in before.named(subject))

    def stop(self, subject: Subject, t: int) -> int:
        """Return when something else than the contact's own past may turn it."""
        return min(subject.next_told(t), *(step.beyond(subject, t) for step in self.steps))

    def predicate(self, scope: Scope) -> Predicate:
        """Pipe the events of each step into the next, without doubles."""
        first, *following = self._present
        return Piped(self._found(first, scope, self.within), self._pipe(following, scope))

    def _found(self, step: Step, scope: Scope, within: Window | None) -> Events:
        found = step.found(scope, within)
        present = self.same.by().present() if self.same else ()
        return replace(found, where=(*found.where, *present))

    def _pipe(self, following: Iterable[Step], scope: Scope) -> Pipe:
        """Return the clauses after a step's events, for those that follow and for silence."""
        pipe: list[Leaf | Where | Events] = []
        for step in following:
            pipe += [self._kept(first=not pipe), self._next(step, scope)]
        if self.steps[-1].absent:
            pipe += [self._kept(first=not pipe), Where(self._silence(self.steps[-1], scope))]
        return tuple(pipe)

    @property
    def _apart(self) -> bool:
        """Whether no event can be two of the steps."""
        names = [name for step in self.steps for name in step.names]
        return all(step.names for step in self.steps) and len(names) == len(set(names))

    def _kept(self, *, first: bool) -> Leaf:
        """Return the clause that keeps a step's event, and those of its instant before it."""
        if first:
            taken = "" if self._apart else ", [] AS taken"
            # No two rows are equal, but for a mere alias an `e` further in would be taken.
            if self.same is None:
                return Leaf(f"WITH DISTINCT e AS last{taken}")
            tie_by = self.same.by().counted()
            return Leaf(f"WITH DISTINCT e AS last, {tie_by.text} AS tie{taken}", tie_by.values)
        tie = ", tie" if self.same else ""
        if self._apart:
            return Leaf(f"WITH DISTINCT e AS last{tie}")
        return Leaf(
            f"WITH DISTINCT e AS last{tie}, "
            "CASE WHEN e.at = last.at THEN taken + [last] ELSE [] END AS taken"
        )

    def _next(self, step: Step, scope: Scope) -> Events:
        """Return the events that a step can be after `last`."""
        found = self._found(step, scope, None)
        after = [Leaf("e.at >= last.at")]
        if step.within is not None:
            after.append(Leaf("e.at <= last.at + $within", {"within": step.within}))
        if not self._apart:
            after += [Leaf("e <> last"), Leaf("NOT e IN taken")]
        return replace(found, where=(*found.where, *after, *self._tie()))

    def _tie(self) -> tuple[Leaf, ...]:
        """Return that an event is tied to those before."""
        if self.same is None:
            return ()
        by = self.same.by().counted()
        return (Leaf(f"tie = {by.text}", by.values),)

    def _silence(self, step: Step, scope: Scope) -> tuple[Predicate, ...]:
        silent = Negated(Exists(self._next(step, scope)))
        if step.within is None:
            return (silent,)
        return Leaf("last.at + $within <= $t", {"within": step.within}), silent

    def canonical(self) -> Condition:
        """Return it with the kinds of each step in order."""
        steps = tuple(
            Step(**simplified(step), within=step.within, absent=step.absent)  # pyright: ignore[reportArgumentType]
            for step in self.steps
        )
        return Sequence(steps, self.same, self.within)

    def text(self) -> str:
        """Return `viewed a page in the last 30 days, then signed up within 1 day`."""
        first, *following = self.steps
        parts = [words.sequel(first.did_text(), self.within.text() if self.within else "")]
        for step in following:
            within = f" within {words.duration(step.within)}" if step.within else ""
            done = f"did not {step.do_text()}" if step.absent else step.did_text()
            parts.append(f"then {done}{within}")
        same = [self.same.text()] if self.same else []
        return ", ".join([*parts, *same])
