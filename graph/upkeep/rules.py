"""The definitions that are kept up to date, and what each of them looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from graph.catalogue import Catalogue, Saved, definitions
from graph.conditions import Condition
from graph.needs import Described, Needs, needed, together
from graph.upkeep.counts import Counting
from graph.upkeep.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from graph.subject import Subject
    from graph.upkeep.counts import Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """A segment whose members are kept: of all contacts, or of those filled up to a key.

    `counts` is its definition where that only counts events.
    """

    saved: Saved
    needs: Needs
    counts: Counting | None = None

    @property
    def segment(self) -> str:
        """The segment's key."""
        return self.saved.key

    @property
    def alone(self) -> bool:
        """Whether it looks at nothing of other contacts."""
        return self.needs.levels == 0

    def covers(self, contact: str) -> bool:
        """Tell whether a contact's membership is kept already."""
        filled = self.saved.filled
        return filled is None or contact <= filled

    def looks_at(self, kinds: Collection[str]) -> bool:
        """Tell whether events of any of these kinds may turn it."""
        return self.needs.events.any or not self.needs.events.names.isdisjoint(kinds)

    def judge(self, subject: Subject, t: int) -> Verdict:
        """Return whether a contact is in it at an instant, and until when that stands."""
        if subject.since > t:
            return False, subject.since
        definition = self.saved.definition
        return definition.holds(subject, t), definition.valid_until(subject, t)


@dataclass(frozen=True)
class Rules:
    """All definitions that are kept up to date, by the keys of their segments."""

    by_key: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    definitions: Mapping[str, Condition] = field(default_factory=dict[str, "Condition"])
    watch: Watch = field(default_factory=Watch)

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
    def described(self) -> Described:
        """What all together look at of things and accounts."""
        return together(rule.needs for rule in self).described

    @cached_property
    def unfilled(self) -> list[list[Rule]]:
        """Those of which not all members are known, by how far they are, the least far first."""
        found: dict[str, list[Rule]] = {}
        for rule in self:
            if rule.saved.filled is not None:
                found.setdefault(rule.saved.filled, []).append(rule)
        return [found[upto] for upto in sorted(found)]

    def covering(self, segments: Iterable[str], contact: str) -> list[Rule]:
        """Return the rules of some segments that keep a contact's membership."""
        found = (self.by_key.get(segment) for segment in segments)
        return [rule for rule in found if rule is not None and rule.covers(contact)]

    def following(self, catalogue: Catalogue) -> Rules:
        """Return the rules that the saved segments make; archived and failed ones make none.

        They have another `watch` where too much of this one is of segments that are gone.
        """
        if self.watch.worn:
            return Rules().following(catalogue)
        known, kept = definitions(catalogue), dict[str, Rule]()
        same = {key for key, each in known.items() if each is self.definitions.get(key)}
        for key, saved in catalogue.items():
            before = self.by_key.get(key)
            if saved.archived or saved.failure is not None:
                continue
            if before is None or key not in same or not same.issuperset(_used(saved, catalogue)):
                if before is not None:
                    self.watch.drop(key)
                kept[key] = self._made(saved, known)
            else:
                kept[key] = before if saved is before.saved else replace(before, saved=saved)
        for key in self.by_key.keys() - kept.keys():
            self.watch.drop(key)
        return Rules(kept, known, self.watch)

    def _made(self, saved: Saved, known: Mapping[str, Condition]) -> Rule:
        needs = needed(saved.definition, known)
        if needs.levels:
            return Rule(saved, needs)
        return Rule(saved, needs, self.watch.add(saved.key, saved.definition, known))


def _used(saved: Saved, catalogue: Catalogue) -> Iterator[str]:
    """Yield the keys of the segments that one uses, be it through others."""
    for key in saved.uses:
        yield key
        yield from _used(catalogue[key], catalogue)
