"""Writes docs/proof.md from what the rings of `make prove` counted: `python -m tests.proof`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graph.conditions import Condition
from tests import report
from tests.generated.words import every_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.report import Judged, Kept

KEPT: Final = Path(".data/proof.json")
PAGE: Final = Path("docs/proof.md")
RINGS: Final = {
    "corpus": "cases of the corpus, written by hand, of which Python and Neo4j found the members",
    "generated": "generated cases on which Python and Neo4j gave the same verdict",
    "valid-until": "generated cases in which nothing changed before the verdict ended",
}
GENERATED: Final = ("generated", "valid-until")
CASES: Final = 100_000
DEFINITIONS: Final = 2_000
SAID: Final = 50
HEAD: Final = """# Proof

Each condition has one meaning and is carried out twice: in Cypher, for an audience, and in Python,
for one contact. `make prove` lets both judge the same cases, counts them, and writes this page. A
case is a definition, a contact and an instant; in the corpus it is a definition and an instant,
with all who must be found. A case on which the two differ fails the run. So the page is written
only where no case does, of each generated ring at least 100,000 cases of 2,000 different
definitions were judged, and at least 50 of its definitions say each choice and option of the
language.
"""
TABLE: Final = """
In the table a case counts for every condition that its definition says; `until` are the cases in
which nothing changed before the verdict ended.

| condition | corpus | generated | until | differences |
|---|--:|--:|--:|--:|"""


def lacking(kept: Kept) -> Iterator[str]:
    """Yield what is missing for the page to be true."""
    for name in RINGS:
        ring = kept["rings"].get(name)
        if ring is None:
            yield f"the ring `{name}` has not been run"
            continue
        if ring["differences"]:
            yield f"{ring['differences']} cases of the ring `{name}` differ"
        if name in GENERATED:
            yield from _few(name, ring)
    if not kept["explained"]:
        yield "no statement has been explained"


def _few(name: str, ring: Judged) -> Iterator[str]:
    """Yield of what there is not enough in a ring whose cases are generated."""
    if ring["cases"] < CASES or ring["definitions"] < DEFINITIONS:
        yield f"`{name}` has {ring['cases']} cases of {ring['definitions']} definitions"
    for word in sorted(every_word()):
        said = ring["words"][word]["definitions"] if word in ring["words"] else 0
        if said < SAID:
            yield f"{said} definitions of `{name}` say {word}"


def page(kept: Kept) -> str:
    """Return the page."""
    return "\n".join([HEAD, *_counted(kept), TABLE, *_rows(kept), "", *_runs(kept), ""])


def _counted(kept: Kept) -> Iterator[str]:
    for name, what in RINGS.items():
        ring = kept["rings"][name]
        slow = f"; {ring['slow']:,} more took Neo4j too long to plan" if ring["slow"] else ""
        yield f"- {ring['cases']:,} {what}, of {ring['definitions']:,} different definitions{slow}"
    words = len(every_word())
    for name in GENERATED:
        least = min(said["definitions"] for said in kept["rings"][name]["words"].values())
        yield (
            f"- each of the {words} choices and options of the language is said by {least} or "
            f"more definitions of the ring `{name}`"
        )
    for version, statements in sorted(kept["explained"].items()):
        yield (
            f"- {statements:,} statements explained by Neo4j {version}: none is refused or warned "
            "of, none multiplies rows by rows that nothing ties to them, each starts from its seed"
        )


def _rows(kept: Kept) -> Iterator[str]:
    for word, cls in Condition.choices.items():
        said = [kept["rings"][name]["words"][cls.__name__] for name in RINGS]
        cases = " | ".join(f"{each['cases']:,}" for each in said)
        yield f"| `{word}` | {cases} | {sum(each['differences'] for each in said)} |"


def _runs(kept: Kept) -> Iterator[str]:
    runs: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name in RINGS:
        run = kept["rings"][name]["run"]
        runs.setdefault(tuple(sorted(run.items())), []).append(f"`{name}`")
    for items, names in runs.items():
        run = dict(items)
        yield (
            f"Run of {', '.join(names)}: {run['day']}, `make prove{run['arguments']}`, Neo4j "
            f"{run['neo4j']}, Python {run['python']}, seed {run['seed']}."
        )


if __name__ == "__main__":
    counted = report.read(KEPT)
    if missing := list(lacking(counted)):
        sys.exit("\n".join(["The page is not written:", *missing]))
    PAGE.write_text(page(counted))
