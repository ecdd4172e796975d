"""What a test run says at its end: how many cases were judged alike, of which words."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

PROVE: Final = os.environ.get("SEGRAPH_PROVE") == "1"
"""Whether this is `make prove`: much more of everything that is made at random."""
_SAID = {
    "valid-until": "did not change before their verdict ended",
    "kept": "of members were kept as plain Python has them",
}


@dataclass(slots=True)
class Ring:
    """The cases of a ring that were judged, of which definitions, and the words of each."""

    cases: int = 0
    differences: int = 0
    slow: int = 0
    """How many definitions Neo4j did not plan in time, so that they were not judged."""
    definitions: set[str] = field(default_factory=set[str])
    """A hash of each that was judged."""
    said: dict[str, int] = field(default_factory=dict[str, int])
    """How many different definitions say each word."""
    alike: dict[str, int] = field(default_factory=dict[str, int])
    differing: dict[str, int] = field(default_factory=dict[str, int])
    runs: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """When and with what it was run, of what is written down."""

    def judged(
        self, definition: object, words: Iterable[str], cases: int, differences: int = 0
    ) -> None:
        """Count cases of one definition, with all the words that it says."""
        said = frozenset(words)
        self.cases += cases
        self.differences += differences
        for word in said:
            self.alike[word] = self.alike.get(word, 0) + cases - differences
            self.differing[word] = self.differing.get(word, 0) + differences
        text = json.dumps(definition, sort_keys=True)
        if (name := digest(text)) not in self.definitions:
            self.definitions.add(name)
            for word in said:
                self.said[word] = self.said.get(word, 0) + 1

    def add(self, other: Ring) -> None:
        """Count what another run of the ring judged; a definition judged again is the same one.

        Its words count again, though: so few definitions are drawn twice.
        """
        self.cases += other.cases
        self.differences += other.differences
        self.slow += other.slow
        self.definitions |= other.definitions
        self.said = Counter(self.said) + Counter(other.said)
        self.alike = Counter(self.alike) + Counter(other.alike)
        self.differing = Counter(self.differing) + Counter(other.differing)
        self.runs += other.runs


@dataclass(slots=True)
class Kept:
    """What rings and drills counted, and hashes of what each version of Neo4j explained."""

    rings: dict[str, Ring] = field(default_factory=dict[str, Ring])
    explained: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    counted: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    recovered: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    run: dict[str, str] = field(default_factory=dict[str, str])
    """With what it was made: the version of Neo4j, the seed of its chance."""

    def add(self, other: Kept) -> None:
        """Count what another run counted, too."""
        for name, ring in other.rings.items():
            self.rings.setdefault(name, Ring()).add(ring)
        for version, texts in other.explained.items():
            self.explained.setdefault(version, set()).update(texts)
        for name, counted in other.counted.items():
            self.counted[name] = Counter(self.counted.get(name, {})) + Counter(counted)
        for name, seconds in other.recovered.items():
            self.recovered.setdefault(name, []).extend(seconds)
        self.run |= other.run


RINGS: defaultdict[str, Ring] = defaultdict(Ring)
"""What each ring of this run has judged: `corpus`, `generated`, `valid-until`, `kept`."""
COUNTED: defaultdict[str, Counter[str]] = defaultdict(Counter)
"""What this run has done to servers and their graph: `kept` in this process, `killed` in others."""
RECOVERED: defaultdict[str, list[float]] = defaultdict(list)
"""Seconds from what was done to a server or its graph until events were acknowledged again."""
EXPLAINED: dict[str, set[str]] = {}
"""Of each version of Neo4j, hashes of the statements that it was asked to explain in this run."""
RUN: dict[str, str] = {}
"""With what this run was made: the version of Neo4j, the seed of its chance."""
OTHERS: Kept = Kept()
"""What other processes of this run have told."""


def explained(version: str, texts: Collection[str]) -> None:
    """Count different statements of which a version of Neo4j said how it would run them."""
    EXPLAINED.setdefault(version, set()).update(map(digest, texts))


def digest(text: str) -> str:
    """Return a short hash, by which many texts are told apart."""
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def all_told() -> Kept:
    """Return what this process counted, and the others of its run."""
    told = Kept()
    told.add(OTHERS)
    told.add(Kept(RINGS, EXPLAINED, {**COUNTED}, RECOVERED, RUN))
    return told


def lines() -> list[str]:
    """Return a line for each ring that was run, and for all that was done to servers."""
    told = all_told()
    return [*_judged(told), *_done(told)]


def _judged(told: Kept) -> Iterator[str]:
    for name, ring in sorted(told.rings.items()):
        yield (
            f"{ring.cases - ring.differences} {name} cases "
            f"{_SAID.get(name, 'agreed between Python and Neo4j')}"
            + (f", {ring.differences} differed" if ring.differences else "")
            + (f", {ring.slow} definitions took too long" if ring.slow else "")
        )


def _done(told: Kept) -> Iterator[str]:
    for name, counted in sorted(told.counted.items()):
        yield f"{name}: " + ", ".join(
            f"{number} {what}" for what, number in sorted(counted.items())
        )
    for name, seconds in sorted(told.recovered.items()):
        yield f"recovered from {name}: {spread(seconds)}"


def spread(seconds: Sequence[float]) -> str:
    """Return how often something took how long, in the middle and at worst."""
    return f"{len(seconds)} times, in {median(seconds):.1f} s, at worst in {max(seconds):.1f} s"


def keep(path: Path, run: dict[str, str]) -> None:
    """Write down what this run counted, added to what earlier ones did."""
    kept = read(path.read_bytes()) if path.exists() else Kept()
    told = all_told()
    for ring in told.rings.values():
        ring.runs = [told.run | run]
    kept.add(told)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(kept))


def written(kept: Kept) -> bytes:
    """Return what a run counted as JSON, in order."""
    return msgspec.json.encode(kept, order="sorted")


def read(text: bytes | str) -> Kept:
    """Return what a run wrote down."""
    return msgspec.json.decode(text, type=Kept)
