"""The names that are known, and those near to one that is not."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from graph.conditions import Condition
from graph.conditions.trait import DERIVED
from graph.model import ThingKind
from graph.upkeep.registry import NAMES_KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.vocabulary import Vocabulary

What: TypeAlias = Literal["event", "trait", "topic", "category", "purpose"]
Types: TypeAlias = frozenset[str]

_DERIVED: Final[Mapping[str, Types]] = {
    "createdAt": frozenset({"instant"}),
    "key": frozenset({"string"}),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What events of a kind had: what they were about, and the types of each property."""

    about: frozenset[ThingKind] = frozenset()
    properties: Mapping[str, Types] = field(default_factory=dict[str, Types])


@dataclass(frozen=True, slots=True)
class Names:
    """The names that are known, with what is known of each, and how many contacts there are."""

    events: Mapping[str, Kind] = field(default_factory=dict[str, Kind])
    traits: Mapping[str, Types] = field(default_factory=dict[str, Types])
    topics: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    having: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many contacts have each trait."""
    contacts: int = 0
    segments: Mapping[str, Condition] = field(default_factory=dict[str, Condition])
    """The definitions of the segments that a condition names."""

    def all_of(self, what: What) -> Iterable[str]:
        """Return all names of a sort."""
        match what:
            case "event":
                return self.events
            case "trait":
                return self.traits
            case "topic":
                return self.topics
            case "category":
                return self.categories
            case "purpose":
                return self.purposes

    def trait(self, name: str) -> Types:
        """Return the types of a trait's values; none where it is not known."""
        return _DERIVED[name] if name in DERIVED else self.traits.get(name, frozenset())

    def kinds(self, events: tuple[str, ...]) -> list[Kind] | None:
        """Return what is known of these kinds, of all where none is named; None if not of all."""
        if any(name not in self.events for name in events):
            return None
        found = [self.events[name] for name in events or self.events]
        if any(len(kind.properties) >= NAMES_KEPT for kind in found):
            return None
        return found

    def property(self, name: str, events: tuple[str, ...]) -> Types | None:
        """Return the types of a property of these kinds; None where that is not known."""
        found = self.kinds(events)
        if not found:
            return None
        return frozenset[str]().union(*(kind.properties.get(name, frozenset()) for kind in found))


def names_of(known: Vocabulary, contacts: int, segments: Mapping[str, Condition]) -> Names:
    """Return the names of a vocabulary, and the segments that there are."""
    return Names(
        {kind.name: Kind(kind.about, kind.properties) for kind in known.events},
        {trait.name: trait.types for trait in known.traits},
        frozenset(place.key for place in known.topics),
        frozenset(place.key for place in known.categories),
        frozenset(known.purposes),
        {trait.name: trait.contacts for trait in known.traits},
        contacts,
        segments,
    )


def single(types: Types) -> bool:
    """Tell whether values of these types are known, and never lists."""
    return bool(types) and not any(each.startswith("list") for each in types)


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that look most like one that is not."""
    folded = {each.casefold(): each for each in sorted(known)}
    return [folded[each] for each in difflib.get_close_matches(name.casefold(), folded, 3)]
