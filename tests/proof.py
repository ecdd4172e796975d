"""Writes docs/proof.md from what the rings of `make prove` counted: `python -m tests.proof`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graph.conditions import Condition
from tests import report
from tests.generated.words import every_word
from tests.report import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.report import Ring

KEPT: Final = Path("docs/proof.json")
PAGE: Final = Path("docs/proof.md")
RINGS: Final = {
    "corpus": "cases of the corpus, written by hand, of which Python and Neo4j found the members",
    "generated": "generated cases on which Python and Neo4j gave the same verdict",
    "valid-until": "generated cases in which nothing changed before the verdict ended",
    "kept": "verdicts on members of saved segments that were kept as plain Python has them",
}
GENERATED: Final = ("generated", "valid-until")
CASES: Final = 100_000
DEFINITIONS: Final = 2_000
SAID: Final = 50
RUNS: Final = 2_000
KILLS: Final = 200
CUTS: Final = 500
DONE: Final = {
    "told": "something is told: late, ahead, double, in conflict with what is known",
    "saved": "a segment is saved or edited while others tell",
    "archived": "a segment is archived",
    "deleted": "a contact or a thing is deleted",
    "time passed": "time passes",
    "turned": "time goes on to the instant at which a verdict turns, or to just before it",
    "hurried": "something is told before it is worked off what fell due",
    "rested": "no server runs for a while",
    "dropped": "the process is dropped at some await",
    "dropped at rest": "the process is dropped while it rests",
    "cut off": "the connection to the graph breaks, before a commit or after it",
    "taken over": "the writer is paused past its lease, and what it resumes is refused",
}
"""What a step of a run does."""
TAKEN: Final = 200
"""How often each of these is done at least."""
HEAD: Final = """# Proof

Each condition has one meaning and is carried out twice: in Cypher, for an audience, and in Python,
for one contact. `make prove` lets both judge the same cases, counts them, and writes this page. A
case is a definition, a contact and an instant; in the corpus it is a definition and an instant,
with all who must be found. A case on which the two differ fails the run. So the page is written
only where no case does, of each generated ring at least 100,000 cases of 2,000 different
definitions were judged, and at least 50 of its definitions say each choice and option of the
language.

The members of saved segments are judged a third time: as they are kept. In runs of steps at random
anything is told, saved and done to the servers of a graph, and after each step members, sizes and
the log are compared with plain Python, in the end with Cypher too; servers and their Neo4j are
killed while events come, and a client that listens to the log is cut off. Parts of it are run one
after another and add up, to 2,000 such runs, 200 steps of each sort, 200 kills and 500 cuts; the
page tells how far they are.
"""
TABLE: Final = """
In the table a case counts for every condition that its definition says; `until` are the cases in
which nothing changed before the verdict ended, `kept` those of saved segments.

| condition | corpus | generated | until | kept | differences |
|---|--:|--:|--:|--:|--:|"""


def before() -> Kept:
    """Return what earlier runs counted; nothing where there are none."""
    return report.read(KEPT.read_bytes()) if KEPT.exists() else Kept()


def lacking(kept: Kept) -> Iterator[str]:
    """Yield what is missing for the page to be true."""
    for name in RINGS:
        ring = kept.rings.get(name)
        if ring is None:
            yield f"the ring `{name}` has not been run"
            continue
        if ring.differences:
            yield f"{ring.differences} cases of the ring `{name}` differ"
        if name in GENERATED:
            yield from _few(name, ring)
    if not kept.explained:
        yield "no statement has been explained"


def spared(counted: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield what has not been done often enough to servers and their graph."""
    steps = counted.get("kept", {})
    if (runs := steps.get("runs", 0)) < RUNS:
        yield f"segments were kept in {runs:,} of {RUNS:,} runs"
    for step, what in DONE.items():
        if steps.get(step, 0) < TAKEN:
            yield f"in {steps.get(step, 0)} of {TAKEN} steps {what}"
    if (kills := counted.get("killed", {}).get("rounds", 0)) < KILLS:
        yield f"servers or graphs were killed {kills} of {KILLS} times"
    if (cuts := counted.get("heard", {}).get("rounds", 0)) < CUTS:
        yield f"a client that listens was cut off {cuts} of {CUTS} times"


def _few(name: str, ring: Ring) -> Iterator[str]:
    """Yield of what there is not enough in a ring whose cases are generated."""
    if ring.cases < CASES or len(ring.definitions) < DEFINITIONS:
        yield f"`{name}` has {ring.cases} cases of {len(ring.definitions)} definitions"
    for word in sorted(every_word()):
        if (said := ring.said.get(word, 0)) < SAID:
            yield f"{said} definitions of `{name}` say {word}"


def page(kept: Kept) -> str:
    """Return the page, with what is still to be done to servers and their graph."""
    told = [*_counted(kept), *_kept(kept)]
    return "\n".join([HEAD, *told, TABLE, *_rows(kept), "", *_runs(kept), ""])


def _counted(kept: Kept) -> Iterator[str]:
    for name, what in RINGS.items():
        ring = kept.rings[name]
        slow = f"; {ring.slow:,} more took Neo4j too long to plan" if ring.slow else ""
        yield f"- {ring.cases:,} {what}, of {len(ring.definitions):,} different definitions{slow}"
    words = len(every_word())
    for name in GENERATED:
        least = min(kept.rings[name].said.values())
        yield (
            f"- each of the {words} choices and options of the language is said by {least} or "
            f"more definitions of the ring `{name}`"
        )
    for version, texts in sorted(kept.explained.items()):
        yield (
            f"- {len(texts):,} statements explained by Neo4j {version}: none is refused or warned "
            "of, none multiplies rows by rows that nothing ties to them, each starts from its seed"
        )


def _kept(kept: Kept) -> Iterator[str]:
    steps = Counter(kept.counted.get("kept", {}))
    killed = Counter(kept.counted.get("killed", {}))
    yield (
        f"- {steps['runs']:,} runs in which segments were kept, of "
        f"{sum(steps[each] for each in DONE):,} steps; Cypher found the members of "
        f"{steps['found']:,} segments at their ends, and time alone turned {steps['turns']:,} "
        "verdicts, each in the log at its instant"
    )
    for step, what in DONE.items():
        yield f"  - in {steps[step]:,} steps {what}"
    yield (
        f"- {killed['rounds']:,} kills of a server, its Neo4j or both while {killed['events']:,} "
        "events came: nothing that was acknowledged was lost, nothing was there twice, the log had "
        "no gap, and Cypher found the same members"
    )
    for name, seconds in sorted(kept.recovered.items()):
        yield f"  - {name}: events were taken again {report.spread(seconds)}"
    heard = Counter(kept.counted.get("heard", {}))
    yield (
        f"- {heard['rounds']:,} times a client that listens was cut off, or its server or graph "
        f"killed: going on by its cursor it heard {heard['changes']:,} changes, all of the log, "
        "each once and in order"
    )
    for what in spared(kept.counted):
        yield f"- not yet enough: {what}"


def _rows(kept: Kept) -> Iterator[str]:
    for word, cls in Condition.choices.items():
        name = cls.__name__
        alike = [kept.rings[ring].alike[name] for ring in RINGS]
        differing = [kept.rings[ring].differing.get(name, 0) for ring in RINGS]
        cases = " | ".join(
            f"{each + other:,}" for each, other in zip(alike, differing, strict=True)
        )
        yield f"| `{word}` | {cases} | {sum(differing)} |"


def _runs(kept: Kept) -> Iterator[str]:
    named: dict[tuple[str, ...], list[str]] = {}
    seeds: dict[tuple[str, ...], dict[str, None]] = {}
    for name in RINGS:
        for run in kept.rings[name].runs:
            what = (run["day"], run.get("neo4j", ""), run["python"])
            named.setdefault(what, [])
            if name not in named[what]:
                named[what].append(name)
            seeds.setdefault(what, {})[run["seed"]] = None
    for (day, neo4j, python), names in named.items():
        rings = ", ".join(f"`{name}`" for name in names)
        beside = f"Neo4j {neo4j}, " if neo4j else ""
        yield (
            f"Run of {rings}: {day}, {beside}Python {python}, seeds "
            f"{', '.join(seeds[day, neo4j, python])}."
        )


if __name__ == "__main__":
    counted = before()
    if missing := list(lacking(counted)):
        sys.exit("\n".join(["The page is not written:", *missing]))
    PAGE.write_text(page(counted))
    if missing := list(spared(counted.counted)):
        sys.exit("\n".join(["The page tells what is not yet enough:", *missing]))
