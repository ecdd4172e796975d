"""What a test run says at its end: how many cases were judged alike, of which words."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_SAID = {
    "valid-until": "did not change before their verdict ended",
    "kept": "of members were kept as plain Python has them",
}


class Said(TypedDict):
    """In how many definitions and cases of a ring a word is said, and in how many differing."""

    definitions: int
    cases: int
    differences: int


class Judged(TypedDict):
    """What a ring counted, as it is written down, and of which run that is."""

    cases: int
    differences: int
    definitions: int
    slow: int
    words: Mapping[str, Said]
    run: Mapping[str, str]


class Kept(TypedDict):
    """What rings and drills counted, and how many statements each version of Neo4j explained."""

    rings: dict[str, Judged]
    explained: dict[str, int]
    counted: dict[str, dict[str, int]]
    recovered: dict[str, list[float]]


@dataclass(slots=True)
class Ring:
    """The cases of a ring that were judged, of which definitions, and the words of each."""

    cases: int = 0
    differences: int = 0
    slow: int = 0
    """How many definitions Neo4j did not plan in time, so that they were not judged."""
    definitions: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    alike: Counter[str] = field(default_factory=Counter[str])
    differing: Counter[str] = field(default_factory=Counter[str])

    def judged(
        self, definition: object, words: Iterable[str], cases: int, differences: int = 0
    ) -> None:
        """Count cases of one definition, with all the words that it says."""
        said = frozenset(words)
        self.cases += cases
        self.differences += differences
        self.alike.update(dict.fromkeys(said, cases - differences))
        self.differing.update(dict.fromkeys(said, differences))
        self.definitions[json.dumps(definition, sort_keys=True)] = said

    def said(self) -> Counter[str]:
        """Return how many different definitions say each word."""
        return Counter(word for words in self.definitions.values() for word in words)

    def kept(self, run: Mapping[str, str]) -> Judged:
        """Return what is written down of it."""
        said = self.said()
        words: dict[str, Said] = {
            word: {
                "definitions": said[word],
                "cases": self.alike[word] + self.differing[word],
                "differences": self.differing[word],
            }
            for word in sorted(said)
        }
        return {
            "cases": self.cases,
            "differences": self.differences,
            "definitions": len(self.definitions),
            "slow": self.slow,
            "words": words,
            "run": run,
        }


RINGS: defaultdict[str, Ring] = defaultdict(Ring)
"""What each ring of this run has judged: `corpus`, `generated`, `valid-until`, `kept`."""
COUNTED: defaultdict[str, Counter[str]] = defaultdict(Counter)
"""What this run has done to servers and their graph: `kept` in this process, `killed` in others."""
RECOVERED: defaultdict[str, list[float]] = defaultdict(list)
"""Seconds from what was done to a server or its graph until events were acknowledged again."""
EXPLAINED: dict[str, set[str]] = {}
"""Of each version of Neo4j, the statements that it was asked to explain in this run."""
RUN: dict[str, str] = {}
"""With what this run was made: the version of Neo4j, the seed of its chance."""


def explained(version: str, texts: Collection[str]) -> None:
    """Count different statements of which a version of Neo4j said how it would run them."""
    EXPLAINED.setdefault(version, set()).update(texts)


def lines() -> list[str]:
    """Return a line for each ring that was run, and for all that was done to servers."""
    return [*_judged(), *_done()]


def _judged() -> Iterator[str]:
    for name, ring in sorted(RINGS.items()):
        yield (
            f"{ring.cases - ring.differences} {name} cases "
            f"{_SAID.get(name, 'agreed between Python and Neo4j')}"
            + (f", {ring.differences} differed" if ring.differences else "")
            + (f", {ring.slow} definitions took too long" if ring.slow else "")
        )


def _done() -> Iterator[str]:
    for name, counted in sorted(COUNTED.items()):
        yield f"{name}: " + ", ".join(
            f"{number} {what}" for what, number in sorted(counted.items())
        )
    for name, seconds in sorted(RECOVERED.items()):
        yield f"recovered from {name}: {spread(seconds)}"


def spread(seconds: Sequence[float]) -> str:
    """Return how often something took how long, in the middle and at worst."""
    return f"{len(seconds)} times, in {median(seconds):.1f} s, at worst in {max(seconds):.1f} s"


def keep(path: Path, run: Mapping[str, str]) -> None:
    """Write down what this run counted, beside what others did."""
    kept: Kept = {"rings": {}, "explained": {}, "counted": {}, "recovered": {}}
    if path.exists():
        kept = read(path)
    kept["rings"] |= {name: ring.kept(run) for name, ring in RINGS.items()}
    kept["explained"] |= {version: len(texts) for version, texts in EXPLAINED.items()}
    kept["counted"] |= {name: dict(counted) for name, counted in COUNTED.items()}
    kept["recovered"] |= RECOVERED
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, sort_keys=True))


def read(path: Path) -> Kept:
    """Return what runs have written down."""
    return cast("Kept", json.loads(path.read_text()))
