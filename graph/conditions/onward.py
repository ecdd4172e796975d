"""What would turn a `sequence`: the steps that a chain lacks, or what ends a silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph.conditions import words
from graph.conditions.chain import ids, silent
from graph.conditions.deadline import until, when
from graph.conditions.steps import SameBy, Step
from graph.conditions.window import Window
from graph.subject import NEVER, Event, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graph.conditions.chain import Chain

_TIES: Final = 3
"""How many ties are named."""


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the chains of a sequence stand for a contact at t; `events` are the contact's by id."""

    steps: tuple[Step, ...]
    same: SameBy | None
    within: Window | None
    subject: Subject
    t: int
    events: Mapping[str, Event]

    def lacking(self, chains: Sequence[Chain]) -> tuple[list[Event], str | None]:
        """Return the steps made of a chain that can go on, and what it lacks; None is time alone.

        Where none can go on, it is the longest, and its steps are to be made anew.
        """
        first, *following = self.steps
        late = when(self.within, self.subject, self.t)
        if not chains:
            return [], f"one {first.noun()}{late}{_then(following)}"
        waiting = [chain for chain in chains if self._waits(chain)]
        if waiting:
            return self._longest(waiting), None
        open_ = [
            (made, closes)
            for chain in chains
            for made in self._each(chain)
            if len(made) < len(self._present) and (closes := self._closes(made)) >= self.t
        ]
        if open_:
            made, closes = max(open_, key=lambda each: (len(each[0]), each[1]))
            by = "" if closes >= NEVER else f" before {words.moment(closes, self.t)}"
            step, *rest = self.steps[len(made) :]
            return made, f"one {step.noun()}{self._tie(made)} after that{by}{_then(rest)}"
        made = self._longest(chains)
        step = self.steps[len(made)]
        if step.absent:
            return made, f"the steps anew{late}, and no {step.noun()} after them"
        over = words.moment(made[-1].at + (step.within or 0), self.t)
        return made, f"the steps anew{late}: one {step.noun()} was to follow before {over}"

    def breaking(self, chains: Sequence[Chain]) -> tuple[list[Event], str | None]:
        """Return the steps made of the longest, and what ends all these chains; None is nothing."""
        made = self._longest(chains)
        *_, before, last = self.steps
        if not last.absent or last.within is not None:
            return made, None
        # What is itself the step before begins a silence of its own.
        beside = last.beside(before, 1) if any(map(self._begins, chains)) else ""
        what = f"one {last.noun()}{beside} after all"
        if beside is None:
            what = f"2 {last.noun(2)} at one instant"
        ties = [self._tie(self._longest([chain])) for chain in chains]
        if len(ties) == 1:
            return made, f"{what}{ties[0]}"
        named = [tie.lstrip() for tie in (ties if len(ties) <= _TIES else ties[: _TIES - 1])]
        others = [f"of {len(ties) - len(named)} others"] if len(named) < len(ties) else []
        return made, f"{what}, for each: {words.joined([*named, *others], 'and')}"

    @property
    def _present(self) -> tuple[Step, ...]:
        return self.steps[:-1] if self.steps[-1].absent else self.steps

    def _each(self, chain: Chain) -> Iterable[list[Event]]:
        """Yield the newest steps that lead to each of those that are made."""
        withins = [step.within for step in self._present]
        for number, ends in enumerate(chain.ends, 1):
            if ends:
                yield [self.events[each] for each in ids(chain.ends[:number], withins[:number])]

    def _longest(self, chains: Iterable[Chain]) -> list[Event]:
        return max((made for chain in chains for made in self._each(chain)), key=len)

    def _waits(self, chain: Chain) -> bool:
        """Tell whether the time of an absence that is left so far is not over."""
        last = self.steps[-1]
        return last.absent and any(silent(end, chain.last, None, self.t) for end in chain.ends[-1])

    def _closes(self, made: list[Event]) -> int:
        """Return until when the next step can be made."""
        within = self.steps[len(made)].within
        ends = until(made[:1], self.within, self.subject, self.t)
        closes = NEVER if within is None else made[-1].at + within
        return closes if ends is None else min(closes, ends)

    def _begins(self, chain: Chain) -> bool:
        """Tell whether the step before an absence can be made now."""
        number = len(self._present) - 1
        if number == 0:
            return not when(self.within, self.subject, self.t)
        return any(
            self._closes(made) >= self.t for made in self._each(chain) if len(made) == number
        )

    def _tie(self, made: list[Event]) -> str:
        """Return what ties a step to those that are made."""
        return f" {self.same.of(made[-1])}" if self.same else ""


def _then(steps: Iterable[Step]) -> str:
    """Return what is to follow: `, then one “B” event within 1 day, then no “C” event`."""
    said = ""
    for step in steps:
        within = f" within {words.duration(step.within)}" if step.within else ""
        said = f"{said}, then {'no' if step.absent else 'one'} {step.noun()}{within}"
    return said
