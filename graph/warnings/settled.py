"""What is always or never true by itself, given all that was told so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph import times
from graph.conditions.about import AboutContent, AboutProduct
from graph.conditions.comparison import Exists
from graph.conditions.consent import ConsentIs, ConsentState
from graph.conditions.did import Did
from graph.conditions.distinct import DistinctDay, DistinctProperty
from graph.conditions.favourite import Favourite
from graph.conditions.first_time import FirstTime
from graph.conditions.latest import Latest
from graph.conditions.more_often import MoreOften
from graph.conditions.moving import InNext
from graph.conditions.near import Near
from graph.conditions.regular import Regular
from graph.conditions.rivals import (
    FavouriteCategory,
    FavouriteProperty,
    FavouriteThing,
    FavouriteTopic,
)
from graph.conditions.sample import Sample
from graph.conditions.sequence import Sequence
from graph.conditions.total import Aggregate, Total
from graph.conditions.trait import DERIVED, AccountIs, TraitIs
from graph.conditions.trait_held import TraitHeld
from graph.conditions.window import Ago, Last
from graph.model import ThingKind
from graph.values import Kind
from graph.warnings import comparing, counting, pairs
from graph.warnings.names import single

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions import Condition
    from graph.conditions.about import About, PropertyIs
    from graph.conditions.comparison import Comparison
    from graph.conditions.pattern import Pattern
    from graph.warnings.names import Names

_ALL: Final = 100
_NUMBER: Final = frozenset({"float"})


def never(leaf: Condition, names: Names) -> bool:  # noqa: C901, PLR0911, PLR0912 - one rule for each condition
    """Tell whether a leaf is true of nobody at any time."""
    match leaf:
        case Did():
            return bool(leaf.least) and (_uncounted(leaf, names) or days_wanted(leaf) is not None)
        case Sequence():
            return any(not step.absent and impossible(step, names) for step in leaf.steps)
        case Latest():
            tests = (*(leaf.where or ()), *leaf.has)
            return impossible(leaf, names) or _unmet(tests, leaf, names)
        case MoreOften():
            return impossible(leaf, names) or counting.narrower(leaf, leaf.than, names)
        case Favourite():
            return impossible(leaf, names) or _no_favourite(leaf, names)
        case FirstTime() | Regular():
            return impossible(leaf, names)
        case Total(is_=Exists(wanted=False)):
            return True
        case Total(by=by, is_=is_):
            none = by is not Aggregate.SUM and _uncounted_total(leaf, names)
            return none or comparing.never_met(is_, _NUMBER)
        case TraitIs(name="createdAt", is_=InNext()):
            return True
        case TraitIs(name=name, is_=is_):
            return _trait_never(name, is_, names)
        case AccountIs():
            return pairs.clash(leaf)
        case TraitHeld(name=name, is_=is_):
            return _trait_never(name, Exists(wanted=True) if is_ is None else is_, names)
        case Near():
            return "location" not in names.trait("location")
        case ConsentIs(purpose=purpose, is_=state):
            return state is not ConsentState.UNKNOWN and purpose not in names.purposes
        case Sample(percent=percent):
            return percent == 0
        case _:
            return False


def always(leaf: Condition, names: Names) -> bool:
    """Tell whether a leaf is true of everybody at any time."""
    match leaf:
        case Did(least=0):
            return leaf.most is None or _uncounted(leaf, names)
        case Total(by=Aggregate.SUM, is_=Exists(wanted=True)):
            return True
        case TraitIs(name=name, is_=Exists(wanted=wanted)):
            return name in DERIVED if wanted else not names.trait(name)
        case ConsentIs(purpose=purpose, is_=ConsentState.UNKNOWN):
            return purpose not in names.purposes
        case Sample(percent=percent):
            return percent >= _ALL
        case _:
            return False


def impossible(pattern: Pattern, names: Names) -> bool:
    """Tell whether there is no such event."""
    if pattern.names and not any(name in names.events for name in pattern.names):
        return True
    if pattern.about is not None and _nothing(pattern.about, pattern, names):
        return True
    return _unmet(pattern.where or (), pattern, names)


def clashes(
    tests: tuple[PropertyIs, ...], pattern: Pattern, names: Names
) -> Iterator[tuple[PropertyIs, PropertyIs]]:
    """Yield each two tests of a property that no one event meets both of."""
    for index, test in enumerate(tests):
        types = names.property(test.property, pattern.names) or frozenset()
        for other in tests[:index]:
            if other.property == test.property and comparing.excludes(
                other.is_, test.is_, single=single(types)
            ):
                yield other, test


def days_wanted(did: Did) -> int | None:
    """Return how many days a window has at most where more are asked for."""
    if not isinstance(did.distinct, DistinctDay) or not isinstance(did.within, Last | Ago):
        return None
    first, last = did.within.fixed(0)
    # Of days in which it begins and ends parts count, and clock changes may let one more fit in.
    most = (last - first) // times.DAY + 3
    return most if did.least > most else None


def _uncounted(did: Did, names: Names) -> bool:
    if isinstance(did.distinct, DistinctProperty):
        types = names.property(did.distinct.property, did.names)
        if types is not None and not types:
            return True
    return impossible(did, names)


def _uncounted_total(total: Total, names: Names) -> bool:
    types = names.property(total.of, total.names)
    numbers = types is None or Kind.NUMBER in comparing.kinds_of(types)
    return not numbers or impossible(total, names)


def _no_favourite(favourite: Favourite, names: Names) -> bool:
    """Tell whether no such event counts for what is to be the favourite."""
    match favourite.by:
        case FavouriteTopic():
            kind, known = ThingKind.CONTENT, favourite.is_ in names.topics
        case FavouriteCategory():
            kind, known = ThingKind.PRODUCT, favourite.is_ in names.categories
        case FavouriteThing(kind=kind):
            known = True
        case FavouriteProperty(property=name):
            types = names.property(name, favourite.names)
            return types is not None and not types
        case _:
            return False
    kinds = names.kinds(favourite.names)
    return not known or (bool(kinds) and not any(kind in each.about for each in kinds or ()))


def _unmet(tests: tuple[PropertyIs, ...], pattern: Pattern, names: Names) -> bool:
    """Tell whether no event of the kinds has such properties."""
    for test in tests:
        types = names.property(test.property, pattern.names)
        if types is not None and _value_never(types, test.is_):
            return True
    return next(clashes(tests, pattern, names), None) is not None


def _value_never(types: frozenset[str], is_: Comparison) -> bool:
    if not types:
        return is_ != Exists(wanted=False)
    return comparing.never_met(is_, types)


def _trait_never(name: str, is_: Comparison, names: Names) -> bool:
    if name in DERIVED and is_ == Exists(wanted=False):
        return True
    return _value_never(names.trait(name), is_)


def _nothing(about: About, pattern: Pattern, names: Names) -> bool:
    """Tell whether no such event was about such a thing."""
    kinds = names.kinds(pattern.names)
    if kinds and not any(about.kind_of_thing in kind.about for kind in kinds):
        return True
    match about:
        case AboutContent(topic=str(topic)) if topic not in names.topics:
            return True
        case AboutProduct(category=str(category)) if category not in names.categories:
            return True
        case _:
            popular = about.popular
            return popular is not None and popular.event not in names.events
