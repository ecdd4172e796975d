"""The definitions that are kept up to date, and what each of them looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from graph.catalogue import Catalogue, definitions
from graph.conditions import Condition
from graph.needs import Needs, needed, together
from graph.subject import NEVER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from graph.subject import Subject


@dataclass(frozen=True, slots=True)
class Rule:
    """A segment whose members are kept: of all contacts, or of those up to `filled` by key."""

    segment: str
    revision: int
    definition: Condition
    needs: Needs
    filled: str | None = None
    announced: bool = True
    first: bool = False

    @property
    def alone(self) -> bool:
        """Whether it looks at nothing of other contacts."""
        return self.needs.levels == 0

    def covers(self, contact: str) -> bool:
        """Tell whether a contact's membership is kept already."""
        return self.filled is None or contact <= self.filled

    def looks_at(self, kinds: Collection[str]) -> bool:
        """Tell whether events of any of these kinds may turn it."""
        return self.needs.events.any or not self.needs.events.names.isdisjoint(kinds)

    def judge(self, subject: Subject, t: int) -> tuple[bool, int]:
        """Return whether a contact is in it at an instant, and until when that stands."""
        if subject.since > t:
            return False, subject.since
        return self.definition.holds(subject, t), self.definition.valid_until(subject, t)


@dataclass(frozen=True)
class Rules:
    """All definitions that are kept up to date, by the keys of their segments."""

    by_key: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    definitions: Mapping[str, Condition] = field(default_factory=dict[str, "Condition"])

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.by_key.values())

    @cached_property
    def alone(self) -> list[Rule]:
        """Those that look at one contact alone."""
        return [rule for rule in self.by_key.values() if rule.alone]

    @cached_property
    def social(self) -> list[Rule]:
        """Those that look past one contact."""
        return [rule for rule in self.by_key.values() if not rule.alone]

    @cached_property
    def needs(self) -> Needs:
        """How far those together look that look past one contact."""
        return together(rule.needs for rule in self.social)

    @cached_property
    def unfilled(self) -> list[Rule]:
        """Those of which not all members are known, all equally far."""
        waiting = [rule for rule in self.by_key.values() if rule.filled is not None]
        least = min((rule.filled or "" for rule in waiting), default="")
        return [rule for rule in waiting if rule.filled == least]


def rules_of(catalogue: Catalogue) -> Rules:
    """Return the rules that the saved segments make; archived and failed ones make none."""
    known = definitions(catalogue)
    kept = {
        saved.key: Rule(
            saved.key,
            saved.revision,
            saved.definition,
            needed(saved.definition, known),
            saved.filled,
            saved.announced,
            saved.first,
        )
        for saved in catalogue.values()
        if not saved.archived and saved.failure is None
    }
    return Rules(kept, known)


def earliest(turns: Iterable[int]) -> int | None:
    """Return the least of some instants; None is never."""
    least = min(turns, default=NEVER)
    return None if least >= NEVER else least
