"""What a test run says at its end: how many cases were judged alike, of which conditions."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SAID = {"valid-until": "did not change before their verdict ended"}
AGREED: Counter[str] = Counter()
"""How many cases of each ring agreed in this run."""
WORDS: defaultdict[str, Counter[str]] = defaultdict(Counter)
"""Of each ring, how many cases had a definition that says a word."""
DEFINITIONS: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
"""Of each ring, the definitions that were judged, each with its words."""


def agreed(ring: str, cases: int) -> None:
    """Count cases of a ring, such as `corpus` or `generated`, where both had the same answer."""
    AGREED[ring] += cases


def judged(ring: str, definition: object, words: Iterable[str], cases: int) -> None:
    """Count cases of one definition, with all the words that it says, that had the same answer."""
    agreed(ring, cases)
    said = frozenset(words)
    WORDS[ring].update(dict.fromkeys(said, cases))
    DEFINITIONS[ring][json.dumps(definition)] = said


def rare(ring: str, language: Iterable[str], least: int) -> dict[str, int]:
    """Return the words of a language that fewer different definitions of a ring say than asked."""
    said = Counter(word for words in DEFINITIONS[ring].values() for word in words)
    return {word: said[word] for word in language if said[word] < least}


def lines() -> list[str]:
    """Return a line for each ring that was run."""
    return [
        f"{cases} {ring} cases {_SAID.get(ring, 'agreed between Python and Neo4j')}"
        for ring, cases in sorted(AGREED.items())
    ]


def keep(path: Path) -> None:
    """Write down what the rings of this run counted, beside those of other runs."""
    kept = cast("dict[str, object]", json.loads(path.read_text()) if path.exists() else {})
    for ring, cases in AGREED.items():
        definitions = len(DEFINITIONS[ring])
        kept[ring] = {"cases": cases, "definitions": definitions, "words": WORDS[ring]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, sort_keys=True))
