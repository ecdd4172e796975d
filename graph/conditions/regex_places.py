"""Tells whether the next characters decide between two ways through a regular expression.

A place is a character or class of the pattern. Two ways are read side by side over one text, as
sets of places: where one can end while the other goes on, the characters do not decide. Counts
are left out, so that a repeat has any number of turns; a "decided" is true all the more with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from typing import TYPE_CHECKING

from graph.conditions.regex_tree import Chars, Choice, Node, Repeat, Sequence, meet, nullable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Sequence as Row


@dataclass(frozen=True, slots=True)
class Part:
    """A node and its places, as bits: those it begins with, those it ends with, all of them."""

    node: Node
    inner: tuple[Part, ...]
    first: int
    last: int
    every: int


class Places:
    """The places of one pattern, and which may come after which."""

    def __init__(self, node: Node) -> None:
        self._chars: list[Chars] = []
        self._follow: list[int] = []
        self.whole = self._part(node)

    def undecided(self, part: Part, otherwise: int) -> bool:
        """Tell whether the part can end while a way begun at the places `otherwise` goes on."""
        start = dict.fromkeys(_bits(part.first), otherwise)
        pairs = self._pairs(start, part.every, -1)
        return any(pairs.get(place) for place in _bits(part.last))

    def overlap(self, part: Part) -> bool:
        """Tell whether a text of the part may hold, before its end, another text of the part."""
        start = dict.fromkeys(_bits(part.every), part.first)
        pairs = self._pairs(start, part.every, part.every)
        return any(
            pairs.get(place, 0) & part.last
            for place in _bits(part.every)
            if self._follow[place] & part.every
        )

    def _part(self, node: Node) -> Part:
        match node:
            case Chars():
                place = 1 << len(self._chars)
                self._chars.append(node)
                self._follow.append(0)
                return Part(node, (), place, place, place)
            case Sequence(parts):
                inner = [self._part(part) for part in parts]
                self._link(inner)
                return row(inner)
            case Choice(options):
                inner = [self._part(option) for option in options]
                return Part(
                    node,
                    tuple(inner),
                    union(one.first for one in inner),
                    union(one.last for one in inner),
                    union(one.every for one in inner),
                )
            case Repeat(inner_node, _, most):
                body = self._part(inner_node)
                if most != 1:
                    self._follow_all(body.last, body.first)
                return Part(node, (body,), body.first, body.last, body.every)

    def _link(self, inner: Iterable[Part]) -> None:
        ends = 0
        for part in inner:
            self._follow_all(ends, part.first)
            ends = part.last | (ends if nullable(part.node) else 0)

    def _follow_all(self, places: int, first: int) -> None:
        for place in _bits(places):
            self._follow[place] |= first

    @cached_property
    def _meets(self) -> list[int]:
        return [
            union(1 << index for index, two in enumerate(self._chars) if meet(one, two))
            for one in self._chars
        ]

    def _pairs(self, start: dict[int, int], left: int, right: int) -> dict[int, int]:
        """Return for each place that the left way reaches those where the right one then is."""
        pairs: dict[int, int] = {}
        fresh = {place: others & self._meets[place] for place, others in start.items()}
        while fresh:
            place, others = fresh.popitem()
            new = others & ~pairs.get(place, 0)
            if not new:
                continue
            pairs[place] = pairs.get(place, 0) | new
            ahead = union(self._follow[one] for one in _bits(new)) & right
            for after in _bits(self._follow[place] & left):
                fresh[after] = fresh.get(after, 0) | (ahead & self._meets[after])
        return pairs


def row(inner: Row[Part]) -> Part:
    """Return the parts one after the other as one part."""
    first = last = 0
    for part in reversed(inner):
        first = part.first | (first if nullable(part.node) else 0)
    for part in inner:
        last = part.last | (last if nullable(part.node) else 0)
    node = Sequence(tuple(part.node for part in inner))
    return Part(node, tuple(inner), first, last, union(part.every for part in inner))


def union(masks: Iterable[int]) -> int:
    """Return the places of all the masks."""
    return reduce(lambda one, two: one | two, masks, 0)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
