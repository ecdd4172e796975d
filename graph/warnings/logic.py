"""Contradictions, what is always or never true, and branches that change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph import times
from graph.conditions import words
from graph.conditions.did import Did
from graph.conditions.distinct import DistinctDay
from graph.conditions.latest import Latest
from graph.conditions.logic import AllOf, AnyOf
from graph.conditions.more_often import MoreOften
from graph.conditions.pattern import Pattern
from graph.conditions.sample import Sample
from graph.conditions.trait import TraitIs
from graph.conditions.window import Ago, Last
from graph.warnings import comparing, counting
from graph.warnings.names import single
from graph.warnings.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions import Condition
    from graph.conditions.about import PropertyIs
    from graph.errors import Path
    from graph.warnings.names import Names
    from graph.warnings.relations import Relations

_ALL: Final = 100
_DROP: Final = "Drop one of them, or join them by `any`"


def logical(part: object, path: Path, names: Names, relations: Relations) -> Iterator[Suspicion]:
    """Yield what is wrong with how a part's conditions stand beside one another."""
    match part:
        case AllOf(children):
            yield from _joined(children, path, relations, every=True)
        case AnyOf(children):
            yield from _joined(children, path, relations, every=False)
        case _:
            yield from _alone(part, path, names)


def _joined(
    children: tuple[Condition, ...], path: Path, relations: Relations, *, every: bool
) -> Iterator[Suspicion]:
    canonical = [each.canonical() for each in children]
    needless = set[int]()
    for second, right in enumerate(canonical):
        for first, left in enumerate(canonical[:second]):
            if every and relations.excludes(left, right):
                yield _contradiction(children[first], children[second], path)
            elif not every and relations.covers(left, right):
                yield _certain(children[first], children[second], path)
            elif not needless & {first, second}:
                found = _needless(left, right, relations, every=every)
                if found is not None:
                    drop, keep = (second, first) if found else (first, second)
                    needless.add(drop)
                    yield _redundant(children[drop], children[keep], (*path, drop), every=every)


def _needless(
    left: Condition, right: Condition, relations: Relations, *, every: bool
) -> bool | None:
    """Return whether the right one changes nothing, or the left; None where both do."""
    if relations.implies(left, right):
        # In `all` what follows changes nothing, in `any` what it follows from.
        return every or left == right
    if relations.implies(right, left):
        return not every
    return None


def _contradiction(left: Condition, right: Condition, path: Path) -> Suspicion:
    what = "It asks for a condition and its contrary"
    match left, right:
        case Did(), Did():
            for many, few in ((left, right), (right, left)):
                if few.most is not None and many.least > few.most:
                    what = (
                        f"The same events are asked for at least {many.least} "
                        f"and at most {few.most} times"
                    )
        case TraitIs(), TraitIs():
            what = (
                f"The trait {left.name!r} cannot be so at once: "
                f"it {left.is_.text()}, and it {right.is_.text()}"
            )
        case _:
            what = f"Nobody can meet both: {left.text()}; {right.text()}"
    return Suspicion("NEVER_TRUE", what, path, _DROP)


def _certain(left: Condition, right: Condition, path: Path) -> Suspicion:
    return Suspicion(
        "ALWAYS_TRUE",
        f"Everybody meets one or the other: {left.text()}; {right.text()}",
        path,
        "Drop the `any`, or join them by `all`",
    )


def _redundant(drop: Condition, keep: Condition, path: Path, *, every: bool) -> Suspicion:
    if drop.canonical() == keep.canonical():
        why = f"It is said twice: {drop.text()}"
    elif every:
        why = f"It already follows from what stands beside it: {keep.text()}"
    else:
        why = f"It adds nobody to what stands beside it: {keep.text()}"
    return Suspicion("REDUNDANT", why, path, f"Drop it: {drop.text()}")


def _alone(part: object, path: Path, names: Names) -> Iterator[Suspicion]:  # noqa: C901, PLR0912 - one case each
    if isinstance(part, Pattern):
        yield from _tests(part.where or (), part, (*path, "where"), names)
    match part:
        case Did() if part.least == 0 and part.most is None:
            message = "`atLeast: 0` holds of everybody"
            yield Suspicion("ALWAYS_TRUE", message, path, "Ask for 1 or more, or drop it")
        case Did(distinct=DistinctDay(), within=Last() | Ago() as window):
            yield from _days(part, window, path)
        case Latest(has=has):
            tests = (*(part.where or ()), *has)
            if not list(_tests(part.where or (), part, path, names)):
                yield from _tests(tests, part, (*path, "has"), names)
        case MoreOften(than=than) if counting.narrower(part, than, names):
            message = "There are never more of these events than of those they are among"
            yield Suspicion("NEVER_TRUE", message, path, "Ask by `than` for other events")
        case Sample(percent=0):
            message = "A sample of 0 percent is nobody"
            yield Suspicion("NEVER_TRUE", message, (*path, "percent"), "Ask for more than 0")
        case Sample(percent=percent) if percent >= _ALL:
            message = "A sample of 100 percent is everybody"
            yield Suspicion("ALWAYS_TRUE", message, (*path, "percent"), "Drop the sample")
        case _:
            pass


def _tests(
    tests: tuple[PropertyIs, ...], pattern: Pattern, path: Path, names: Names
) -> Iterator[Suspicion]:
    """Yield what no one event can have, of properties whose values are never lists."""
    for index, test in enumerate(tests):
        types = names.property(test.property, pattern.names) or frozenset()
        for other in tests[:index]:
            if other.property == test.property and comparing.excludes(
                other.is_, test.is_, single=single(types)
            ):
                message = (
                    f"The property {test.property!r} of one event cannot be so at once: "
                    f"it {other.is_.text()}, and it {test.is_.text()}"
                )
                yield Suspicion("NEVER_TRUE", message, path, "Drop one, or ask for two events")


def _days(did: Did, window: Last | Ago, path: Path) -> Iterator[Suspicion]:
    """Yield that a window has not so many days; of those it begins and ends in parts count."""
    first, last = window.fixed(0)
    # A day may be an hour short where the clock changes, so that one more fits in.
    most = (last - first) // times.DAY + 3
    if did.least > most:
        yield Suspicion(
            "NEVER_TRUE",
            f"There are never {did.least} different days {window.text()}",
            (*path, "within"),
            f"Ask for a longer window, or for at most {words.counted(most, 'day')}",
        )
