"""`traitHeld`: what a trait was throughout a window, or at some time in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graph import errors, values
from graph.conditions import words
from graph.conditions.base import Condition, Evidence
from graph.conditions.comparison import Comparison, of_keys
from graph.conditions.names import check_name
from graph.conditions.trait import DERIVED, KEY, another, one
from graph.conditions.window import Window
from graph.cypher.nodes import (
    Either,
    Events,
    Every,
    Leaf,
    Negated,
    Path,
    Piped,
    Some,
    Told,
    Where,
)
from graph.subject import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject
    from graph.values import Stored


class Held(StrEnum):
    """For how much of a window something held.

    Attributes:
        THROUGHOUT: At every instant of it.
        SOMETIME: At some instant of it.
    """

    THROUGHOUT = "throughout"
    SOMETIME = "sometime"


@dataclass(frozen=True, slots=True)
class TraitHeld(Condition):
    """A trait met a comparison throughout a window, or at some time in it.

    Attributes:
        name: The trait's name, to the letter.
        within: The window; an empty one makes it false.
        is_: What its value must meet; without it, it had one and the same value throughout.
        how: Whether at every instant of the window, or at some.
    """

    name: str
    within: Window
    is_: Comparison | None = None
    how: Held = Held.THROUGHOUT

    def __post_init__(self) -> None:
        check_name(self.name, "trait", "name")
        if self.name == KEY and self.is_ is not None:
            object.__setattr__(self, "is_", of_keys(self.is_))
        if self.is_ is None and self.how is Held.SOMETIME:
            raise errors.BadInput("SOMETIME needs `is`: say what the trait was", "is")
        if self.is_ is not None and self.is_.moving:
            raise errors.BadInput(
                "A comparison that moves with time cannot be held over a window: compare with "
                "given instants, by before, after or between",
                "is",
            )

    def holds(self, subject: Subject, t: int) -> bool:
        """Look at the value at the window's beginning and at each that was told within it."""
        held = self._held(subject, t)
        if not held:
            return False
        if self.is_ is None:
            return _one_value(held)
        zone = subject.zone(t)
        verdicts = (self.is_.holds(value, t, zone) for value in held)
        return all(verdicts) if self.how is Held.THROUGHOUT else any(verdicts)

    def _held(self, subject: Subject, t: int) -> list[Stored | None]:
        """Return the values of the window in order of time; nothing where it is empty."""
        bounds = self.within.bounds(subject, t)
        if bounds is None or bounds[0] > bounds[1]:
            return []
        first, last = bounds
        told = (each.value for each in subject.told(self.name, first + 1, last))
        return [subject.trait(self.name, first), *told]

    def edges(self, subject: Subject, t: int) -> Iterable[int]:
        """Return when the window begins, and when it passes an instant that a value was told."""
        zone = subject.zone(t)
        yield from self.within.edges(t, t, zone)
        for telling in subject.traits.get(self.name, ()):
            yield from self.within.edges(telling.at, t, zone)
            yield from self.within.edges(telling.at - 1, t, zone)
        opening = self.within.opened_by()
        if opening is not None:
            yield from (e.at for e in subject.history.between((opening,), t + 1, NEVER))

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the values that the trait had in the window."""
        shown = [words.value_or_none(value) for value in self._held(subject, t)]
        asked = "one and the same value" if self.is_ is None else f"a value that {self.is_.text()}"
        how = "at all times" if self.how is Held.THROUGHOUT else "at some time"
        return Evidence(
            ", then ".join(shown) or None,
            f"{asked} {how} {self.within.text()}",
            words.either(self._way(subject, t), by_time) or "nothing: what was told stays told",
        )

    def _way(self, subject: Subject, t: int) -> str | None:
        """Return which value would turn it if it were told now; None where none does."""
        bounds, holds = self.within.bounds(subject, t), self.holds(subject, t)
        throughout = self.how is Held.THROUGHOUT
        if bounds is None or bounds[1] < t or holds is not throughout:
            return None
        if not holds:
            return f"{one(self.name)} that {self._test()}"
        if self.is_ is None:
            return f"another {words.quoted(self.name)}"
        return another(self.name, self.is_)

    def _test(self) -> str:
        return "stays" if self.is_ is None else self.is_.text()

    def predicate(self, scope: Scope) -> Predicate:
        """Test the value at the window's beginning, and those told within it."""
        tests: Predicate = self._tests(scope)
        own = self.within.own(scope.t)
        if own is not None:
            tests = Some("window", Leaf(f"[{own.text}]", own.values), tests)
        opening = self.within.opened_by()
        if opening is None:
            return tests
        events = Events(scope.types_of((opening,)), None, (Leaf("e.at <= $t"), *scope.counts("e")))
        started = Leaf("WITH min(e.at) AS start WHERE start IS NOT NULL")
        return Piped(events, (started, Leaf("WITH start"), Where((tests,))))

    def group(self, scope: Scope) -> Told | None:
        """Return the same for what all were told; None where it holds of who was told nothing."""
        of_none = self.is_ is not None and self.is_.holds(None, scope.t)
        each_its_own = self.within.opened_by() or self.within.own(scope.t)
        if of_none or self.name in DERIVED or each_its_own is not None:
            return None
        return self._told(scope)

    def _tests(self, scope: Scope) -> Predicate:
        if self.name not in DERIVED:
            return self._told(scope)
        first, last = self.within.span(scope.t)
        value = DERIVED[self.name]
        test = None if self.is_ is None else self.is_.predicate(value, scope.t)
        return Every((_whole(first, last), test or Leaf(f"{value.text} IS NOT NULL")))

    def _told(self, scope: Scope) -> Told:
        """Return what holds of all that was told of the trait up to the window's last instant."""
        first, last = self.within.span(scope.t)
        path = Path(
            Leaf("(contact)-[found:TRAIT_CHANGED]->(:Trait {name: $trait})", {"trait": self.name}),
            (Leaf(f"found.at <= {last.text}", last.values),),
        )
        before = Leaf(f"[last([found IN told WHERE found.at <= {first.text}])]", first.values)
        later = Leaf(f"[[found IN told WHERE found.at > {first.text}]]", first.values)
        tests = Some("held", before, Some("later", later, self._of_both(scope)))
        return Told(path, "found.at", Every((_whole(first, last), tests)))

    def _of_both(self, scope: Scope) -> Predicate:
        """Return what holds of `held`, told last before the window, and of those `later` in it."""
        if self.is_ is None:
            same = Leaf("all(found IN later WHERE coalesce(found.value = held.value, false))")
            return Every((Leaf("held.value IS NOT NULL"), same))
        at_first = self.is_.predicate(Leaf("held.value"), scope.t)
        meets = self.is_.predicate(Leaf("found.value"), scope.t)
        if self.how is Held.THROUGHOUT:
            return Every((at_first, Negated(Some("found", Leaf("later"), Negated(meets)))))
        return Either((at_first, Some("found", Leaf("later"), meets)))

    def text(self) -> str:
        """Return `has had a “plan” that is “pro” at all times in the last 90 days`."""
        return f"has {self._what()}"

    def untrue(self) -> str:
        """Return `has not had a “plan” that is “pro” at all times in the last 90 days`."""
        return f"has not {self._what()}"

    def _what(self) -> str:
        window = self.within.text()
        if self.is_ is None:
            return f"had one and the same {words.quoted(self.name)} at all times {window}"
        how = "at all times" if self.how is Held.THROUGHOUT else "at some time"
        return f"had {one(self.name)} that {self.is_.text()} {how} {window}"


def _whole(first: Leaf, last: Leaf) -> Leaf:
    """Return that there is any instant in a window."""
    text = f"coalesce({first.text} <= {last.text}, false)"
    return Leaf(text, {**first.values, **last.values})


def _one_value(held: list[Stored | None]) -> bool:
    """Tell whether there are values, and all are equal."""
    if any(value is None for value in held):
        return False
    return len({values.comparable(value) for value in held if value is not None}) == 1
