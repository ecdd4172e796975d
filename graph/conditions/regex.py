"""The regular expressions of `matches`: a small language that Python and Neo4j take alike.

A pattern is compared with the whole string. It is read by a parser of our own, so that nothing
means anything by an engine's own lights, and printed twice with everything spelled out: for RE2,
which runs in Python, and for Java, which runs in Neo4j.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import re2  # pyright: ignore[reportMissingTypeStubs]

from graph import errors
from graph.conditions.regex_java import counted, printed, spelled
from graph.conditions.regex_reader import MOST_TIMES, Reader
from graph.conditions.regex_tree import Chars, Choice, Node, Repeat, Sequence, normal

LONGEST_PATTERN = 200


@dataclass(frozen=True, slots=True)
class Regex:
    """A pattern that every engine takes alike."""

    source: str

    def __post_init__(self) -> None:
        _engines(self.source)

    def matches(self, text: str) -> bool:
        """Tell whether the pattern takes the whole text."""
        engines = _engines(self.source)
        return len(text) <= engines.longest and engines.takes(text) is not None

    @property
    def java(self) -> str:
        """Return the pattern for the right side of Cypher's `=~`."""
        return _engines(self.source).java

    @property
    def longest(self) -> int:
        """Return the length in characters of the longest string that the pattern takes."""
        return _engines(self.source).longest


def parse(source: str) -> Regex:
    """Return the pattern, or raise what is wrong with it and how to say it.

    Raises:
        errors.BadInput: the pattern is outside the language or too costly to run.
    """
    return Regex(source)


@dataclass(frozen=True, slots=True)
class _Engines:
    takes: Callable[[str], object]
    java: str
    longest: int


@lru_cache(maxsize=128)
def _engines(source: str) -> _Engines:
    if len(source) > LONGEST_PATTERN:
        raise errors.BadInput(
            f"The pattern has {len(source)} characters; at most {LONGEST_PATTERN} are taken: "
            "write several comparisons under `any`"
        )
    tree = Reader(source).pattern()
    if _unrolled(tree) > MOST_TIMES:
        raise errors.BadInput(
            f"The counts of the pattern make more than {MOST_TIMES} characters of it; "
            "lower them, or use * or +"
        )
    java = printed(normal(tree))
    # The package re2 has no types.
    takes: Callable[[str], object] = cast("Any", re2).compile(f"(?s){_for_re2(tree)}").fullmatch
    return _Engines(takes, java.text, java.longest)


def _for_re2(node: Node) -> str:
    match node:
        case Chars():
            return spelled(node)
        case Sequence(parts):
            return "".join(_for_re2(part) for part in parts)
        case Choice(options):
            return f"(?:{'|'.join(_for_re2(option) for option in options)})"
        case Repeat(part, least, most):
            return f"(?:{_for_re2(part)}){counted(least, most)}"


def _unrolled(node: Node) -> int:
    match node:
        case Chars():
            return 1
        case Sequence(parts) | Choice(parts):
            return max(1, sum(_unrolled(part) for part in parts))
        case Repeat(part, least, most):
            return _unrolled(part) * max(1, least if most is None else most)
