"""What a regular expression of `matches` means: a tree, and its normal form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Ranges = tuple[tuple[int, int], ...]

MOST_PLACES = 400
_UNIVERSE: Ranges = ((0, 0xD7FF), (0xE000, 0x10FFFF))


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of sorted, disjoint ranges of code points; never a surrogate."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other; no part at all is the empty text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part from `least` to `most` times; None is without limit. `at` is its place in the text."""

    part: Node
    least: int
    most: int | None
    at: int = field(default=0, compare=False)


Node = Chars | Sequence | Choice | Repeat

ANY = Chars(_UNIVERSE)
EMPTY = Sequence(())


def chars(ranges: Iterable[tuple[int, int]]) -> Chars:
    """Return the characters of all the ranges, which may overlap in any order."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return Chars(_common(tuple(merged), _UNIVERSE))


def other(than: Chars) -> Chars:
    """Return all the characters that are not among these."""
    gaps: list[tuple[int, int]] = []
    start = 0
    for low, high in than.ranges:
        gaps.append((start, low - 1))
        start = high + 1
    gaps.append((start, 0x10FFFF))
    return chars((low, high) for low, high in gaps if low <= high)


def meet(one: Chars, two: Chars) -> bool:
    """Tell whether the two have a character in common."""
    return bool(_common(one.ranges, two.ranges))


def inside(node: Node) -> Iterator[Node]:
    """Yield the node and all below it."""
    yield node
    match node:
        case Chars():
            return
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from inside(part)
        case Repeat(part):
            yield from inside(part)


def width(node: Node) -> int | None:
    """Return how many characters every text of the node has, None where they differ."""
    match node:
        case Chars():
            return 1
        case Sequence(parts):
            widths = [width(part) for part in parts]
            return None if None in widths else sum(one or 0 for one in widths)
        case Choice(options):
            distinct = {width(option) for option in options}
            return distinct.pop() if len(distinct) == 1 else None
        case Repeat(part, least, most):
            one = width(part)
            return one * least if one is not None and least == most else None


def nullable(node: Node) -> bool:
    """Tell whether the node takes the empty text."""
    match node:
        case Chars():
            return False
        case Sequence(parts):
            return all(nullable(part) for part in parts)
        case Choice(options):
            return any(nullable(option) for option in options)
        case Repeat(part, least):
            return least == 0 or nullable(part)


def normal(node: Node) -> Node:
    """Return the normal form: no repeat or option takes the empty text, neighbours are merged."""
    match node:
        case Chars():
            return node
        case Sequence(parts):
            return _sequence(normal(part) for part in parts)
        case Choice(options):
            return _choice(normal(option) for option in options)
        case Repeat(part, least, most, at):
            return _repeat(normal(part), least, most, at)


def _common(one: Ranges, two: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    left = right = 0
    while left < len(one) and right < len(two):
        low = max(one[left][0], two[right][0])
        high = min(one[left][1], two[right][1])
        if low <= high:
            found.append((low, high))
        if one[left][1] < two[right][1]:
            left += 1
        else:
            right += 1
    return tuple(found)


def _sequence(parts: Iterable[Node]) -> Node:
    merged: list[Node] = []
    for part in _flat(parts, Sequence):
        _append(merged, part)
    if any(isinstance(part, Sequence) for part in merged):
        return _sequence(merged)
    return merged[0] if len(merged) == 1 else Sequence(tuple(merged))


def _append(merged: list[Node], part: Node) -> None:
    while merged:
        previous = merged.pop()
        joined = _joined(previous, part)
        if joined is not None:
            part = joined
            continue
        trimmed = _beside(part, previous)
        if trimmed is not None:
            merged.append(trimmed)
            break
    kept = _beside(merged[-1], part) if merged else part
    if kept is not None:
        merged.append(kept)


def _joined(one: Node, two: Node) -> Node | None:
    if not isinstance(one, Repeat) and not isinstance(two, Repeat):
        return None
    left, right = _repeated(one), _repeated(two)
    if left.part != right.part:
        return None
    total = None if left.most is None or right.most is None else left.most + right.most
    return Repeat(left.part, left.least + right.least, total, left.at or right.at)


def _repeated(node: Node) -> Repeat:
    return node if isinstance(node, Repeat) else Repeat(node, 1, 1)


def _beside(loop: Node, node: Node) -> Node | None:
    """Return what is left of a node beside a loop that takes all of the node's characters too."""
    match loop:
        case Repeat(Chars() as taken, _, None):
            left_out = other(taken)
        case _:
            return node
    if any(meet(one, left_out) for one in inside(node) if isinstance(one, Chars)):
        return node
    match node:
        case Repeat(part, least, most, at) if least and least != most:
            return _repeat(part, least, least, at)
        case _:
            return None if nullable(node) else node


def _choice(options: Iterable[Node]) -> Node:
    flat = list(_flat(options, Choice))
    filled = list(_flat((_filled(option) for option in flat if option != EMPTY), Choice))
    single = [option for option in filled if isinstance(option, Chars)]
    longer = dict.fromkeys(option for option in filled if not isinstance(option, Chars))
    merged = (chars(span for one in single for span in one.ranges),) if single else ()
    distinct = (*merged, *longer)
    if not distinct:
        return EMPTY
    node = distinct[0] if len(distinct) == 1 else Choice(distinct)
    if any(nullable(option) for option in flat):
        node = _repeat(node, 0, 1)
    return _bounded(node)


def _flat(nodes: Iterable[Node], kind: type[Sequence | Choice]) -> Iterator[Node]:
    for node in nodes:
        match node:
            case Sequence(inner) | Choice(inner) if isinstance(node, kind):
                yield from inner
            case _:
                yield node


def _filled(node: Node) -> Node:
    """Return the node without the empty text."""
    match node:
        case Repeat(part, 0, most, at):
            return _repeat(part, 1, most, at)
        case Sequence(parts) if nullable(node):
            return _choice(
                _sequence((_filled(part), *parts[index + 1 :])) for index, part in enumerate(parts)
            )
        case _:
            return node


def _repeat(part: Node, least: int, most: int | None, at: int = 0) -> Node:
    if most == 0 or part == EMPTY:
        return EMPTY
    if nullable(part):
        least = 0
        part = _filled(part) if most is not None else part
    if most is None:
        part = _looped(part)
    if least == most == 1:
        return part
    match part:
        case Repeat(inner, low, high) if low == 1 or least == most or (high is None and least):
            total = None if high is None or most is None else high * most
            return Repeat(inner, low * least, total, at or part.at)
        case Repeat(_, _, None):
            return Repeat(part, 0, 1, at or part.at)
        case _:
            return Repeat(part, least, most, at)


def _looped(node: Node) -> Node:
    """Return what takes the same as the node wherever it may follow itself without limit."""
    match node:
        case Repeat(part, 0 | 1, _):
            return _looped(part)
        case Choice(options):
            return _choice(_looped(option) for option in options)
        case Sequence(parts) if nullable(node):
            return _choice(_looped(part) for part in parts)
        case _:
            return node


def _bounded(node: Node) -> Node:
    if sum(isinstance(one, Chars) for one in inside(node)) > MOST_PLACES:
        raise errors.BadInput(
            f"The pattern has more than {MOST_PLACES} characters and classes once its optional "
            "parts are written out; repeat fewer groups of optional parts"
        )
    return node
