"""Prints a regular expression for Java so that its engine neither hangs nor overflows.

Java tries every way to split a text among the parts, so that (?:a+b?)+ may need 2ⁿ steps; and each
turn of a repeated group is a call inside another, so that two thousand turns end Neo4j's thread
without any answer. No deadline interrupts it. What is printed here repeats groups possessively,
which is a loop; takes the decided way at once; and bounds what stays open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING

from graph import errors
from graph.conditions.regex_places import Part, Places, row, union
from graph.conditions.regex_tree import (
    ANY,
    Chars,
    Choice,
    Node,
    Repeat,
    Sequence,
    inside,
    meet,
    nullable,
    other,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# The longest string that a pattern takes, by how many steps it may need for one of that length.
# Neo4j finishes a comparison even when its deadline is over.
LONGEST = (32_000, 4_000, 2_000, 1_000)
MOST_STEPS = 2 * 10**9
LONGEST_REST = 10_000


@dataclass(frozen=True, slots=True)
class Printed:
    """The text for Java, and the length of the longest string that it takes."""

    text: str
    longest: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A printed part; each loose repeat multiplies its open ways by the length of the string."""

    text: str
    ways: float = 1
    loose: tuple[int, ...] = ()

    @property
    def settled(self) -> bool:
        return self.ways == 1 and not self.loose


def printed(node: Node) -> Printed:
    """Return the text for a tree in normal form.

    Raises:
        errors.BadInput: a string could be split among the parts in too many ways.
    """
    places = Places(node)
    whole = _Printer(places).text(places.whole, 0, "")
    for longest in LONGEST:
        if whole.ways * longest ** (len(whole.loose) + 1) <= MOST_STEPS:
            guard = f"(?!.{{{longest + 1}}})" if _unlimited(node) else ""
            return Printed(f"(?s){guard}{whole.text}", longest)
    raise errors.BadInput(_too_open(whole.loose))


def spelled(node: Chars) -> str:
    """Return a character or a class as both Java and RE2 read it."""
    if node == ANY:
        return "."
    if len(node.ranges) == 1 and node.ranges[0][0] == node.ranges[0][1]:
        return _code(node.ranges[0][0])
    if node.ranges[-1][1] == ANY.ranges[-1][1]:
        return f"[^{_spans(other(node))}]"
    return f"[{_spans(node)}]"


def counted(least: int, most: int | None) -> str:
    """Return the quantifier of a count."""
    match least, most:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{least},}}"
        case _:
            return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


class _Printer:
    def __init__(self, places: Places) -> None:
        self._places = places

    def text(self, part: Part, after: int, rest: str | None) -> _Text:
        """Print a part before the places `after`; `rest` is all to the end, where it is known."""
        match part.node:
            case Chars():
                return _Text(spelled(part.node))
            case Sequence():
                return self._sequence(part.inner, after, rest)
            case Choice():
                return self._choice(part.inner, after, rest)
            case Repeat(_, 0, 1):
                return self._optional(part.inner[0], after, rest)
            case Repeat():
                return self._repeat(part.node, part.inner[0], after, rest)

    def _sequence(self, inner: tuple[Part, ...], after: int, rest: str | None) -> _Text:
        texts: list[_Text] = []
        for piece, following, later in reversed(list(self._pieces(inner, after))):
            text = piece if isinstance(piece, _Text) else self.text(piece, following, rest)
            if text.loose and isinstance(piece, Part) and _repeats_characters(piece.node):
                text = replace(text, ways=text.ways / _apart(later))
            texts.append(text)
            rest = None if rest is None else text.text + rest
        return reduce(_then, reversed(texts), _Text(""))

    def _pieces(self, inner: tuple[Part, ...], after: int) -> Iterator[_Piece]:
        following = _following(inner, after)
        anything = [index for index, part in enumerate(inner) if _takes_anything(part.node)]
        found: dict[int, tuple[int, _Text]] = {}
        for start, stop in pairwise(anything):
            text = self._found(inner[start], inner[start + 1 : stop], following[stop - 1])
            if text:
                found[start] = (stop, text)
        index = 0
        while index < len(inner):
            stop, piece = found.get(index, (index + 1, inner[index]))
            yield piece, following[stop - 1], inner[stop:]
            index = stop

    def _found(self, anything: Part, wanted: tuple[Part, ...], after: int) -> _Text | None:
        """Print "anything, then the first wanted": none is better where anything follows."""
        whole = row(wanted)
        if _unlimited(whole.node):
            return None
        if width(whole.node) is None and self._places.overlap(whole):
            return None
        try:
            text = self._sequence(wanted, after, None)
        except errors.BadInput:
            return None
        skipped = self.text(anything, 0, None).text.removesuffix("+")
        return _Text(f"(?>{skipped}?{text.text})", text.ways)

    def _choice(self, inner: tuple[Part, ...], after: int, rest: str | None) -> _Text:
        options = [self.text(option, after, rest) for option in inner]
        undecided = any(
            self._places.undecided(option, union(later.first for later in inner[index + 1 :]))
            for index, option in enumerate(inner)
        )
        ways = [option.ways for option in options]
        return _Text(
            f"(?:{'|'.join(option.text for option in options)})",
            sum(ways) if undecided else max(ways),
            max((option.loose for option in options), key=len),
        )

    def _optional(self, body: Part, after: int, rest: str | None) -> _Text:
        once = self.text(body, after, rest)
        if self._places.undecided(body, after):
            return _Text(f"{_grouped(once, body)}?", once.ways + 1, once.loose)
        possessive = "+" if once.settled else ""
        return _Text(f"{_grouped(once, body)}?{possessive}", once.ways, once.loose)

    def _repeat(self, node: Repeat, body: Part, after: int, rest: str | None) -> _Text:
        turn = self.text(body, after | body.first, None)
        if not turn.settled:
            raise errors.BadInput(_two_ways(node))
        turns = _grouped(turn, body)
        if node.least == node.most or not self._places.undecided(body, after):
            return _Text(f"{turns}{counted(node.least, node.most)}+")
        ways, loose = (1, (node.at,)) if node.most is None else (node.most - node.least + 1, ())
        if isinstance(body.node, Chars):
            lazy = "" if node.most is None else "?"
            return _Text(f"{turns}{counted(node.least, node.most)}{lazy}", ways, loose)
        if rest is None or len(rest) > LONGEST_REST:
            raise errors.BadInput(_two_ways(node))
        more = None if node.most is None else node.most - node.least
        first = f"{turns}{counted(node.least, node.least)}+" if node.least else ""
        return _Text(f"{first}(?:(?!{rest}\\z){turns}){counted(0, more)}+", ways, loose)


_Piece = tuple[Part | _Text, int, tuple[Part, ...]]


def _then(one: _Text, two: _Text) -> _Text:
    return _Text(one.text + two.text, one.ways * two.ways, one.loose + two.loose)


def _grouped(text: _Text, part: Part) -> str:
    return text.text if isinstance(part.node, (Chars, Choice)) else f"(?:{text.text})"


def _following(inner: tuple[Part, ...], after: int) -> list[int]:
    following: list[int] = []
    for part in reversed(inner):
        following.append(after)
        after = part.first | (after if nullable(part.node) else 0)
    return following[::-1]


def _apart(parts: tuple[Part, ...]) -> int:
    """Return how many characters at least lie between two beginnings of the parts in one text."""
    run: list[Chars] = []
    for part in parts:
        if not isinstance(part.node, Chars):
            break
        run.append(part.node)
    overlaps = (
        shift
        for shift in range(1, len(run))
        if all(meet(one, two) for one, two in zip(run[shift:], run, strict=False))
    )
    return next(overlaps, max(1, len(run)))


def _repeats_characters(node: Node) -> bool:
    return isinstance(node, Repeat) and isinstance(node.part, Chars)


def _takes_anything(node: Node) -> bool:
    return isinstance(node, Repeat) and node.part == ANY and node.most is None


def _unlimited(node: Node) -> bool:
    return any(isinstance(one, Repeat) and one.most is None for one in inside(node))


def _spans(node: Chars) -> str:
    return "".join(_span(low, high) for low, high in node.ranges)


def _span(low: int, high: int) -> str:
    if low == high:
        return _code(low)
    return f"{_code(low)}{'-' if high > low + 1 else ''}{_code(high)}"


def _code(point: int) -> str:
    letter = chr(point)
    if not " " < letter <= "~":
        return f"\\x{{{point:X}}}"
    return letter if letter.isalnum() or letter == "_" else f"\\{letter}"


def _two_ways(node: Repeat) -> str:
    return (
        f"The repeat at position {node.at} of the pattern can take one text in several ways, which "
        "may take the graph for ever; write its group so that the next character tells what "
        r"takes it, as in \w+(?: \w+)* for (?:\w+ ?)*"
    )


def _too_open(loose: tuple[int, ...]) -> str:
    where = (
        f" The repeats at {', '.join(map(str, loose))} can take what follows them." if loose else ""
    )
    return (
        f"The pattern can take one text in too many ways.{where} Say what a repeat may not take, "
        "as in [^/]* for .*, or ask in several conditions"
    )
