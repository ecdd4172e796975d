"""What rules see of other contacts: of as many contacts at once as may be looked at together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from graph import errors
from graph.conditions import Condition
from graph.database import Database
from graph.needs import together
from graph.subject import NEVER
from graph.subjects import KEPT, Loaded, gather

if TYPE_CHECKING:
    from graph.upkeep.rules import Rule

Asked = Mapping[str, Collection["Rule"]]
"""The rules by which contacts are to be judged, by their keys."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The worlds that rules see which look past one contact, by their segments."""

    worlds: Mapping[str, Loaded] = field(default_factory=dict[str, Loaded])

    def by_world(self, rules: Iterable[Rule]) -> Iterable[tuple[Loaded | None, list[Rule]]]:
        """Yield the rules that see the same; None for those that look at one contact alone."""
        found: dict[int, tuple[Loaded | None, list[Rule]]] = {}
        for rule in rules:
            world = self.worlds.get(rule.segment)
            found.setdefault(id(world), (world, []))[1].append(rule)
        return found.values()


@dataclass(slots=True)
class Sight:
    """Loads what is seen of others; `most` is of how many contacts it was not too much lately."""

    database: Database
    definitions: Mapping[str, Condition] = field(default_factory=dict[str, Condition])
    most: int = NEVER

    async def of(
        self, asked: Asked, names: Mapping[str, str], failed: dict[str, str]
    ) -> tuple[int, Seen]:
        """Return how many of the first contacts can be judged now, and what their rules see.

        Segments that look at too many others for one contact alone are added to those that failed.
        `names` are the kinds of events by relationship type.
        """
        if all(rule.alone for rules in asked.values() for rule in rules):
            return len(asked), Seen()
        number = min(self.most, len(asked))
        while True:
            some = dict(islice(asked.items(), number))
            try:
                seen = await self._together(some, names)
            except errors.TooMuch:
                fewer = number // 2
            except errors.GraphTooSlow:
                fewer = number // 8  # each of those that fail takes half a minute
            else:
                self.most = max(self.most, 2 * number)
                return number, seen
            if number == 1:
                return 1, await self._apart(some, names, failed)
            number = self.most = max(1, fewer)

    async def _together(self, asked: Asked, names: Mapping[str, str]) -> Seen:
        """Return one world for all rules that look past one contact."""
        social = {
            rule.segment: rule for rules in asked.values() for rule in rules if not rule.alone
        }
        if not social:
            return Seen()
        keys = [key for key, rules in asked.items() if not all(rule.alone for rule in rules)]
        needs = together(rule.needs for rule in social.values())
        world = await gather(self.database, keys, needs, self.definitions, names, KEPT)
        return Seen(dict.fromkeys(social, world))

    async def _apart(self, asked: Asked, names: Mapping[str, str], failed: dict[str, str]) -> Seen:
        """Return a world for each rule of a contact that looks past it, but for those that fail."""
        worlds: dict[str, Loaded] = {}
        for key, rules in asked.items():
            for rule in rules:
                try:
                    worlds |= (await self._together({key: [rule]}, names)).worlds
                except (errors.TooMuch, errors.GraphTooSlow) as error:
                    failed[rule.segment] = f"What it looks at of others: {error.message}"
        return Seen(worlds)
