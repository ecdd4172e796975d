"""Two conditions of one sort, which of them implies or excludes the other; what follows of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graph.conditions.colleagues import Colleagues
from graph.conditions.comparison import Exists
from graph.conditions.consent import ConsentIs
from graph.conditions.did import Did, did
from graph.conditions.first_time import FirstTime
from graph.conditions.near import Near
from graph.conditions.sample import Sample
from graph.conditions.total import Total
from graph.conditions.trait import KEY, AccountIs, TraitIs
from graph.conditions.trait_held import Held, TraitHeld
from graph.conditions.window import Last, Since
from graph.warnings import comparing, counting
from graph.warnings.names import single
from graph.warnings.parts import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions import Condition
    from graph.warnings.names import Names


def implies(left: Condition, right: Condition, names: Names) -> bool:  # noqa: C901, PLR0911, PLR0912 - one rule for each sort
    """Tell whether whoever meets one leaf meets the other, which is of its sort."""
    match left, right:
        case Did(), Did():
            return counting.implies(left, right, names)
        case TraitIs(), TraitIs() if left.name == right.name:
            return comparing.implies(left.is_, right.is_, single=single(names.trait(left.name)))
        case Total(), Total() if _same_numbers(left, right):
            return comparing.implies(left.is_, right.is_, single=True)
        case Colleagues(), Colleagues() if _same_people(left, right):
            return not right.all_ and _as_many(left, right)
        case AccountIs(), AccountIs():
            return all(any(_says(each, asked) for each in left.traits) for asked in right.traits)
        case Near(), Near():
            here = (left.latitude, left.longitude) == (right.latitude, right.longitude)
            return here and left.km <= right.km
        case Near(), TraitIs(name="location", is_=Exists(wanted=True)):
            return True
        case Sample(), Sample():
            return left.salt == right.salt and left.percent <= right.percent
        case _:
            return False


def excludes(left: Condition, right: Condition, names: Names) -> bool:
    """Tell whether nobody meets both of two leaves of one sort."""
    match left, right:
        case Did(), Did():
            return counting.excludes(left, right, names)
        case TraitIs(), TraitIs() if left.name == right.name:
            return comparing.excludes(left.is_, right.is_, single=single(names.trait(left.name)))
        case Total(), Total() if _same_numbers(left, right):
            return comparing.excludes(left.is_, right.is_, single=True)
        case Colleagues(), Colleagues() if _same_people(left, right):
            return any(
                few.most is not None and many.least > few.most
                for many, few in ((left, right), (right, left))
            )
        case ConsentIs(), ConsentIs():
            return left.purpose == right.purpose and left.is_ is not right.is_
        case _:
            return False


def clash(account: AccountIs) -> bool:
    """Tell whether no one account meets all that is asked of it."""
    return any(
        one.name == other.name and comparing.excludes(one.is_, other.is_, single=one.name == KEY)
        for place, one in enumerate(account.traits)
        for other in account.traits[:place]
    )


def following(leaf: Condition) -> Iterator[Condition]:
    """Yield what holds of each contact for whom a leaf holds, in terms of other sorts."""
    yield from leaf.needs()
    match leaf:
        case FirstTime(nth=nth):
            yield did(leaf, None, nth)
        case TraitHeld(name=name, is_=is_, how=Held.THROUGHOUT, within=Last() | Since()):
            # Such a window, where there is any of it, ends with the instant itself.
            yield TraitIs(name, Exists(wanted=True) if is_ is None else is_)
        case _:
            pass


def _same_numbers(left: Total, right: Total) -> bool:
    return same(replace(left, is_=right.is_), right)


def _same_people(left: Colleagues, right: Colleagues) -> bool:
    asked = (left.who, left.account, left.include_self)
    return same(asked, (right.who, right.account, right.include_self))


def _as_many(left: Colleagues, right: Colleagues) -> bool:
    """Tell whether what one asks is as many as the other does, of the same people."""
    return left.least >= right.least and (
        right.most is None or (left.most is not None and left.most <= right.most)
    )


def _says(told: TraitIs, asked: TraitIs) -> bool:
    """Tell whether one trait of an account being so says that another is."""
    return told.name == asked.name and comparing.implies(
        told.is_, asked.is_, single=asked.name == KEY
    )
