"""How far a condition looks: at which events, at what of things, and past its contact at whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graph.conditions.about import AboutContent, AboutProduct, PopularWith
from graph.conditions.colleagues import Colleagues
from graph.conditions.in_segment import InSegment
from graph.conditions.pattern import Pattern
from graph.conditions.rewritten import Rewritten
from graph.conditions.rivals import FavouriteCategory, FavouriteTopic
from graph.conditions.trait import AccountIs
from graph.conditions.window import OfFirst
from graph.references import inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.conditions import Condition


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of events by their names; `any` where a condition names none and means all."""

    names: frozenset[str] = frozenset()
    any: bool = False

    def __or__(self, other: Kinds) -> Kinds:
        return Kinds(self.names | other.names, self.any or other.any)

    def types(self, names: Mapping[str, str]) -> list[str] | None:
        """Return their relationship types, None of all; `names` are the kinds by their types."""
        return None if self.any else sorted(each for each in names if names[each] in self.names)


@dataclass(frozen=True, slots=True)
class Described:
    """What a condition looks at of contents, products and accounts besides their keys.

    `properties` are names of contents' and products', `traits` of accounts'; `filed` is whether it
    looks where contents and products are filed.
    """

    properties: frozenset[str] = frozenset()
    traits: frozenset[str] = frozenset()
    filed: bool = False

    def __or__(self, other: Described) -> Described:
        return Described(
            self.properties | other.properties,
            self.traits | other.traits,
            self.filed or other.filed,
        )


@dataclass(frozen=True, slots=True)
class Needs:
    """How far a condition looks.

    `levels` is how many steps out from the contact, to its colleagues and to those with an event of
    the kinds `had` about things of its own `asked` events.
    """

    events: Kinds = Kinds()
    levels: int = 0
    colleagues: bool = False
    asked: Kinds = Kinds()
    had: Kinds = Kinds()
    trees: bool = False
    described: Described = Described()

    def __or__(self, other: Needs) -> Needs:
        return Needs(
            self.events | other.events,
            max(self.levels, other.levels),
            self.colleagues or other.colleagues,
            self.asked | other.asked,
            self.had | other.had,
            self.trees or other.trees,
            self.described | other.described,
        )


def together(all_needs: Iterable[Needs]) -> Needs:
    """Return how far conditions with these needs look together."""
    found = Needs()
    for each in all_needs:
        found |= each
    return found


def needed(value: object, definitions: Mapping[str, Condition]) -> Needs:
    """Return how far a condition, or a part of one, looks, segments that it names written out."""
    match value:
        case InSegment():
            return needed(definitions[value.key], definitions)
        case Rewritten():
            return needed(value.plain(), definitions)
        case _:
            found = _own(value) | Needs(described=_described(value))
    inner = together(needed(each, definitions) for each in inside(value))
    beyond = isinstance(value, Colleagues | PopularWith)
    return found | replace(inner, levels=inner.levels + beyond)


def _own(value: object) -> Needs:
    """Return what a part of a condition needs itself."""
    match value:
        case Pattern():
            kinds = Kinds(frozenset(value.names), any=not value.names)
            popular = value.about is not None and value.about.popular is not None
            return Needs(events=kinds, asked=kinds if popular else Kinds())
        case OfFirst():
            return Needs(events=Kinds(frozenset({value.event})))
        case PopularWith():
            kinds = Kinds(frozenset({value.event}))
            return Needs(events=kinds, had=kinds)
        case Colleagues():
            return Needs(colleagues=True)
        case FavouriteTopic() | FavouriteCategory():
            return Needs(trees=True)
        case _:
            return Needs()


def _described(value: object) -> Described:
    """Return what a part of a condition looks at itself of things and accounts."""
    match value:
        case Colleagues(account=traits) | AccountIs(traits=traits):
            return Described(traits=frozenset(each.name for each in traits or ()))
        case AboutContent():
            kind = () if value.kind is None else ("kind",)
            names = frozenset([*(test.property for test in value.where or ()), *kind])
            return Described(names, filed=value.topic is not None)
        case AboutProduct():
            names = frozenset(test.property for test in value.where or ())
            return Described(names, filed=value.category is not None)
        case FavouriteTopic() | FavouriteCategory():
            return Described(filed=True)
        case _:
            return Described()
