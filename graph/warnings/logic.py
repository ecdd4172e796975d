"""Contradictions, what is always or never true, and branches that change nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graph.conditions import Condition, words
from graph.conditions.did import Did
from graph.conditions.latest import Latest
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.more_often import MoreOften
from graph.conditions.pattern import Pattern, simplified
from graph.conditions.sample import Sample
from graph.conditions.trait import TraitIs
from graph.warnings import counting, settled
from graph.warnings.parts import of_account, same
from graph.warnings.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions.about import PropertyIs
    from graph.errors import Path
    from graph.warnings.names import Names
    from graph.warnings.relations import Relations

_ALL: Final = 100
_SETTLING: Final = re.compile("UNKNOWN_|OTHER_|NEVER_|ALWAYS_")
"""Codes of what makes that a condition is never or always met, and is told instead."""


def logical(part: object, path: Path, relations: Relations) -> Iterator[Suspicion]:
    """Yield what is wrong with how a part's conditions stand beside one another."""
    match part:
        case AllOf(children):
            yield from _joined(children, path, relations, every=True)
        case AnyOf(children):
            yield from _joined(children, path, relations, every=False)
        case _:
            yield from _alone(part, path, relations.names)


def whole(condition: Condition, path: Path, relations: Relations, cause: str) -> Suspicion | None:
    """Return that nobody, or everybody, meets a definition for what is warned of within it."""
    canonical = relations.canonical(condition)
    if relations.never(canonical):
        message = "Given all that was told so far, nobody meets the whole of it"
        return Suspicion("NEVER_TRUE", message, path, f"See {cause}")
    if relations.always(canonical):
        message = "Given all that was told so far, everybody meets the whole of it"
        return Suspicion("ALWAYS_TRUE", message, path, f"See {cause}")
    return None


def settled_alone(
    part: object, path: Path, relations: Relations, found: list[Suspicion]
) -> Iterator[Suspicion]:
    """Yield that nobody, or everybody, meets one condition, of which no cause was told."""
    if not isinstance(part, Condition) or not part.leaf or of_account(path):
        return
    if any(each.path[: len(path)] == path and _SETTLING.match(each.code) for each in found):
        return
    canonical = relations.canonical(part)
    if relations.never(canonical):
        message = f"Given all that was told so far, nobody meets this: {part.text()}"
        yield Suspicion("NEVER_TRUE", message, path, "Drop it, or ask for what may be")
    elif relations.always(canonical):
        message = f"Given all that was told so far, everybody meets this: {part.text()}"
        yield Suspicion("ALWAYS_TRUE", message, path, "Drop it, or ask for what need not be")


def _joined(
    children: tuple[Condition, ...], path: Path, relations: Relations, *, every: bool
) -> Iterator[Suspicion]:
    canonical = [relations.canonical(each) for each in children]
    # What is settled by itself is told of where it stands.
    open_ = [
        place
        for place, each in enumerate(canonical)
        if not relations.never(each) and not relations.always(each)
    ]
    needless = set[int]()
    for second in open_:
        right = canonical[second]
        for first in (place for place in open_ if place < second):
            left = canonical[first]
            if every and relations.excludes(left, right):
                yield _contradiction(children[first], children[second], path)
                break
            if not every and relations.covers(left, right):
                yield _certain(children[first], children[second], path)
                break
            if needless & {first, second}:
                continue
            drop = _needless(first, second, canonical, relations, every=every)
            if drop is not None:
                needless.add(drop)
                keep = first + second - drop
                yield _redundant(children[drop], children[keep], (*path, drop), every=every)


def _needless(
    first: int, second: int, canonical: list[Condition], relations: Relations, *, every: bool
) -> int | None:
    """Return which of two changes nothing, if one does: of equal ones the second."""
    left, right = canonical[first], canonical[second]
    onward, back = relations.implies(left, right), relations.implies(right, left)
    if onward and back:
        return second
    if onward:
        # In `all` what follows changes nothing, in `any` what it follows from.
        return second if every else first
    if back:
        return first if every else second
    return None


def _contradiction(left: Condition, right: Condition, path: Path) -> Suspicion:
    fix = "Drop one of them, or join them by `any`"
    match left, right:
        case Did(), Did() if _same_events(left, right):
            many, few = (left, right) if left.least > right.least else (right, left)
            what = f"The same events are asked for {many.asked_text()} and {few.asked_text()}"
        case TraitIs(), TraitIs():
            what = (
                f"The trait {left.name!r} cannot be so at once: "
                f"it {left.is_.text()}, and it {right.is_.text()}"
            )
        case _ if same(Not(left).canonical(), right.canonical()):
            what = "It asks for a condition and its contrary"
        case _:
            what = f"Nobody meets both: {left.text()}; {right.text()}"
    return Suspicion("NEVER_TRUE", what, path, fix)


def _same_events(left: Did, right: Did) -> bool:
    return same(simplified(left), simplified(right)) and same(
        (left.within, left.distinct), (right.within, right.distinct)
    )


def _certain(left: Condition, right: Condition, path: Path) -> Suspicion:
    fix = "Drop the `any`, or join them by `all`"
    if same(Not(left).canonical(), right.canonical()):
        return Suspicion("ALWAYS_TRUE", "It takes a condition or its contrary", path, fix)
    what = f"Everybody meets one or the other: {left.text()}; {right.text()}"
    return Suspicion("ALWAYS_TRUE", what, path, fix)


def _redundant(drop: Condition, keep: Condition, path: Path, *, every: bool) -> Suspicion:
    if same(drop.canonical(), keep.canonical()):
        why = f"It is said twice: {drop.text()}"
    elif every:
        why = f"It already follows from what stands beside it: {keep.text()}"
    else:
        why = f"It adds nobody to what stands beside it: {keep.text()}"
    return Suspicion("REDUNDANT", why, path, f"Drop it: {drop.text()}")


def _alone(part: object, path: Path, names: Names) -> Iterator[Suspicion]:
    if isinstance(part, Pattern):
        yield from _tests(part.where or (), part, (*path, "where"), names)
    match part:
        case Did() if part.least == 0 and part.most is None:
            message = "`atLeast: 0` holds of everybody"
            yield Suspicion("ALWAYS_TRUE", message, path, "Ask for 1 or more, or drop it")
        case Did():
            yield from _days(part, path)
        case Latest(has=has) if not settled.impossible(part, names):
            yield from _tests((*(part.where or ()), *has), part, (*path, "has"), names)
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
    for other, test in settled.clashes(tests, pattern, names):
        message = (
            f"The property {test.property!r} of one event cannot be so at once: "
            f"it {other.is_.text()}, and it {test.is_.text()}"
        )
        yield Suspicion("NEVER_TRUE", message, path, "Drop one, or ask for two events")


def _days(did: Did, path: Path) -> Iterator[Suspicion]:
    most = settled.days_wanted(did)
    if most is not None and did.within is not None:
        yield Suspicion(
            "NEVER_TRUE",
            f"There are never {did.least} different days {did.within.text()}",
            (*path, "within"),
            f"Ask for a longer window, or for at most {words.counted(most, 'day')}",
        )
