"""Writes docs/proof.md from what the rings of `make prove` counted: `python -m tests.proof`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, cast

from graph.conditions import Condition
from tests import judge
from tests.generated.words import every_word, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

KEPT: Final = Path(".data/proof.json")
PAGE: Final = Path("docs/proof.md")
RINGS: Final = {
    "corpus": "cases of the corpus, written by hand, on which Python and Neo4j found the members",
    "generated": "generated cases on which Python and Neo4j gave the same verdict",
    "valid-until": "generated cases in which nothing changed before the verdict ended",
}
HEAD: Final = """# Proof

Each condition has one meaning and is carried out twice: in Cypher, for an audience, and in Python,
for one contact. This page is written by `make prove`, which lets both judge the same cases, and
counts them. A case is a definition, a contact and an instant; in the corpus it is a definition and
an instant, with all who must be found. A case on which the two differ fails the run, and so does a
choice or option of the language that fewer than 50 of the generated definitions say.
"""


class Ring(TypedDict):
    """What a ring counted: cases, different definitions, and the cases of each word."""

    cases: int
    definitions: int
    words: Mapping[str, int]


def page(kept: Mapping[str, Ring]) -> str:
    """Return the page."""
    lines = [HEAD]
    for ring, what in RINGS.items():
        if ring in kept:
            number = kept[ring]["definitions"]
            of = f", of {number:,} different definitions" if number else ""
            lines.append(f"- {kept[ring]['cases']:,} {what}{of}")
    lines += [
        "",
        "| condition | corpus | generated | until | differences |",
        "|---|--:|--:|--:|--:|",
    ]
    corpus = corpus_words()
    for word, cls in Condition.choices.items():
        cases = [corpus[cls.__name__]]
        cases += [kept[ring]["words"].get(cls.__name__, 0) for ring in list(RINGS)[1:]]
        lines.append(f"| `{word}` | {' | '.join(f'{each:,}' for each in cases)} | 0 |")
    lines += ["", f"The language has {len(every_word())} choices and options; each is in them.", ""]
    return "\n".join(lines)


def corpus_words() -> Counter[str]:
    """Return in how many cases of the corpus each word is said."""
    return Counter(
        word
        for world in judge.worlds()
        for case in world.cases
        for word in words_of(case.condition)
    )


if __name__ == "__main__":
    PAGE.write_text(page(cast("dict[str, Ring]", json.loads(KEPT.read_text()))))
