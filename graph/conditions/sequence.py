"""`sequence`: one thing done after another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.conditions import words
from graph.conditions.base import Condition, Evidence
from graph.conditions.chain import Chain, End, begun, followed, silent
from graph.conditions.completing import Completion, Silence
from graph.conditions.did import did
from graph.conditions.grouping import piped_group
from graph.conditions.onward import Onward
from graph.conditions.pattern import simplified
from graph.conditions.sliding import Counts, stands_until
from graph.conditions.steps import SameBy, Step
from graph.conditions.window import BEGINNING, Window
from graph.cypher.nodes import Events, Exists, Group, Leaf, Negated, Piped, Where
from graph.subject import NEVER

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from graph.conditions.base import Scope
    from graph.conditions.pattern import Pattern
    from graph.cypher.nodes import Pipe, Predicate
    from graph.subject import Event, Subject

MOST_STEPS: Final = 6


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
    def present(self) -> tuple[Step, ...]:
        """The steps that are to be made."""
        return tuple(step for step in self.steps if not step.absent)

    def holds(self, subject: Subject, t: int) -> bool:
        """Go from step to step, with all events that each of them can be."""
        return any(self._ended(chain, t) for chain in self._chains(subject, t))

    def needs(self) -> tuple[Condition, ...]:
        """Return each step that is to be made."""
        first, *following = self.present
        return (did(first, self.within), *(did(step, None) for step in following))

    def _ended(self, chain: Chain, t: int) -> bool:
        last = self.steps[-1]
        if not last.absent:
            return bool(chain.ends[-1])
        return any(silent(end, chain.last, last.within, t) for end in chain.ends[-1])

    def group(self, scope: Scope) -> Group | None:
        """Return the same pipe for the events of all."""
        return piped_group(self.predicate(scope))

    def second_group(self, scope: Scope) -> Group | None:
        """Go on from the second step's events that one of the first leads to."""
        first, *following = self.present
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
        """Show the steps that were made, of a chain that can go on if there is one."""
        chains = list(self._chains(subject, t))
        ended = [chain for chain in chains if self._ended(chain, t)]
        events = {event.id: event for event in subject.history.events}
        seen = Onward(self.steps, self.same, self.within, subject, t, events)
        made, way = seen.breaking(ended) if ended else seen.lacking(chains)
        whole = self.steps[-1].absent and bool(ended)
        return Evidence(
            len(made) + whole,
            f"all {len(self.steps)} steps",
            words.either(way, by_time) or "nothing: what was done stays done",
            tuple(made),
        )

    def _tied(
        self, step: Step, subject: Subject, t: int, window: Window | None
    ) -> dict[Hashable, list[Event]]:
        """Return the events that a step can be, in order of time, by what ties them."""
        return self._by_tie(step.ordered(subject, t, window), subject.zone(t))

    def _by_tie(self, events: Iterable[Event], zone: str) -> dict[Hashable, list[Event]]:
        tied: dict[Hashable, list[Event]] = {}
        for event in events:
            key = True if self.same is None else self.same.by().key(event, zone)
            if key is not None:
                tied.setdefault(key, []).append(event)
        return tied

    def _chains(self, subject: Subject, t: int) -> Iterator[Chain]:
        """Yield, for each tie, the ends of each present step, and the events of the last step."""
        firsts = self._tied(self.steps[0], subject, t, self.within)
        rest = [self._tied(step, subject, t, None) for step in self.steps[1:]]
        for key, events in firsts.items():
            ends = [begun(events)]
            following = [found.get(key, []) for found in rest]
            for step, found in zip(self.present[1:], following, strict=False):
                ends.append(followed(ends[-1], found, step.within))
            yield Chain(ends, following[-1])

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return until when its verdict stands if nothing happens: exactly or early, never late."""
        first, last = self.steps[0], self.steps[-1]
        if any(step.moving for step in self.steps):
            return Condition.valid_until(self, subject, t)
        bounds = self.within.bounds(subject, t) if self.within else (BEGINNING, t)
        begins = t + 1 if bounds is None else bounds[0]
        found = [step.yet(subject, t, begins) for step in self.steps]
        whole = self._whole(found, subject.zone(t), t)
        course = first.course(
            subject,
            t,
            self.within,
            lambda event, at: (True,) if whole[event.id] <= at else (),
            lambda event, _: (whole[event.id],),
        )
        stop = self.stop(subject, t)
        if last.absent and last.within is None:
            stop = min([stop, *(event.at for event in found[-1] if event.at > t)])
        return stands_until([course], Counts(lambda counts: counts.of[True] > 0), t, stop)

    def _whole(self, found: list[list[Event]], zone: str, t: int) -> dict[str, int]:
        """Return when a chain from each first event is complete, if no more follow to come."""
        firsts, *rest = [self._by_tie(events, zone) for events in found]
        whole = {event.id: NEVER for event in found[0]}
        last = self.steps[-1]
        for key, events in firsts.items():
            tied = [events, *(each.get(key, []) for each in rest)]
            silence = Silence(tied.pop(), last.within, t) if last.absent else None
            chains = Completion(tied, [step.within for step in self.present], silence)
            whole |= {event.id: chains.of(End(event.at, event.id)) for event in events}
        return whole

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
        first, *following = self.present
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
