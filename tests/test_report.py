"""The end of a run tells how many cases agreed, and what a page of proof is made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

from graph.conditions import Condition
from tests import proof, report
from tests.generated.words import every_word
from tests.report import Ring

if TYPE_CHECKING:
    from pathlib import Path

RUN = {"day": "2026-11-24", "neo4j": "5.26.24", "python": "3.11.2", "seed": "7"}


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> defaultdict[str, Ring]:
    """Give rings of which none has been run."""
    rings: defaultdict[str, Ring] = defaultdict(Ring)
    monkeypatch.setattr(report, "RINGS", rings)
    monkeypatch.setattr(report, "OTHERS", report.Kept())
    monkeypatch.setattr(report, "RUN", {})
    monkeypatch.setattr(report, "EXPLAINED", {"5.26.24": {"RETURN 1"}})
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    recovered: defaultdict[str, list[float]] = defaultdict(list)
    monkeypatch.setattr(report, "COUNTED", counted)
    monkeypatch.setattr(report, "RECOVERED", recovered)
    return rings


def test_each_ring_has_its_line(rings: defaultdict[str, Ring]) -> None:
    """Cases of a ring add up; what differed is said; a ring that was not run has no line."""
    assert report.lines() == []
    rings["generated"].judged({}, [], 50)
    rings["corpus"].judged({}, [], 20)
    rings["corpus"].judged({}, [], 5, 2)
    rings["generated"].slow += 1

    assert report.lines() == [
        "23 corpus cases agreed between Python and Neo4j, 2 differed",
        "50 generated cases agreed between Python and Neo4j, 1 definitions took too long",
    ]


@pytest.mark.usefixtures("rings")
def test_what_was_done_to_servers_has_its_lines() -> None:
    """How often each thing was done, and how long it took until events were taken again."""
    report.COUNTED["killed"].update(rounds=5, events=70)
    report.RECOVERED["server"] += [1.04, 9.0, 2.0]

    assert report.lines() == [
        "killed: 70 events, 5 rounds",
        "recovered from server: 3 times, in 2.0 s, at worst in 9.0 s",
    ]


def test_what_other_processes_tell_is_told_too(rings: defaultdict[str, Ring]) -> None:
    """A run in several processes has one count of each ring, and one seed."""
    rings["corpus"].judged({}, ["Did"], 20)
    report.COUNTED["killed"].update(rounds=5)
    report.RECOVERED["server"] += [1.0]
    report.RUN["neo4j"] = "5.26.24"
    told = report.written(report.all_told())
    report.RUN.clear()
    report.OTHERS.add(report.read(told))

    assert report.lines() == [
        "40 corpus cases agreed between Python and Neo4j",
        "killed: 10 rounds",
        "recovered from server: 2 times, in 1.0 s, at worst in 1.0 s",
    ]
    assert report.all_told().run == {"neo4j": "5.26.24"}


def test_words_are_counted_by_definition() -> None:
    """A definition judged again is the same one."""
    ring = Ring()

    ring.judged({"did": {}}, ["Did"], 3)
    ring.judged({"did": {}}, ["Did"], 4, 1)
    ring.judged({"any": []}, ["AnyOf", "Did"], 5)

    assert ring.said == {"Did": 2, "AnyOf": 1}
    assert (ring.cases, ring.differences, len(ring.definitions)) == (12, 1, 2)
    assert ring.alike == {"Did": 11, "AnyOf": 5}
    assert ring.differing == {"Did": 1, "AnyOf": 0}


def test_runs_of_a_ring_add_up(rings: defaultdict[str, Ring], tmp_path: Path) -> None:
    """What one run wrote down another adds to, with its own seed."""
    for seed in ("7", "8"):
        rings.clear()
        rings["kept"].judged({"seed": seed}, ["Did"], 3)
        rings["kept"].judged({"any": []}, ["AnyOf"], 1, 1)
        report.keep(tmp_path / "proof.json", RUN | {"seed": seed})

    kept = report.read((tmp_path / "proof.json").read_bytes()).rings["kept"]

    assert (kept.cases, kept.differences, len(kept.definitions)) == (8, 2, 3)
    assert kept.said == {"Did": 2, "AnyOf": 2}
    assert (kept.alike, kept.differing["AnyOf"]) == ({"Did": 6}, 2)
    assert [run["seed"] for run in kept.runs] == ["7", "8"]


def enough(rings: defaultdict[str, Ring]) -> None:
    """Judge as much in every ring as a page of proof asks for."""
    for name in proof.RINGS:
        for number in range(proof.DEFINITIONS):
            words = every_word() if number < proof.SAID else ["Did"]
            rings[name].judged(number, words, proof.CASES // proof.DEFINITIONS)
    report.COUNTED["kept"].update(
        dict.fromkeys(proof.DONE, proof.TAKEN), runs=proof.RUNS, turns=7, found=9
    )
    report.COUNTED["killed"].update(rounds=proof.KILLS, events=12_345)
    report.COUNTED["heard"].update(rounds=proof.CUTS, changes=4_321)
    report.RECOVERED["graph"].append(3.0)


def test_a_page_counts_every_condition(rings: defaultdict[str, Ring], tmp_path: Path) -> None:
    """What runs have written down, one after another, is on the page, with its differences."""
    enough(rings)
    report.keep(tmp_path / "proof.json", RUN)
    for each in (rings, report.COUNTED, report.RECOVERED):
        each.clear()
    report.EXPLAINED["2026.02.2"] = {"RETURN 1", "RETURN 2"}
    report.keep(tmp_path / "proof.json", RUN)
    rings["valid-until"].judged(0, ["Did"], 1)
    report.keep(tmp_path / "proof.json", {each: RUN[each] for each in RUN if each != "neo4j"})

    kept = report.read((tmp_path / "proof.json").read_bytes())
    page = proof.page(kept)

    assert list(proof.lacking(kept)) == []
    assert "- 100,000 generated cases on which Python and Neo4j gave the same verdict" in page
    assert "- 2 statements explained by Neo4j 2026.02.2" in page
    for word in Condition.choices:
        assert f"| `{word}` | " in page
    assert "| `trait` | 2,500 | 2,500 | 2,500 | 2,500 | 0 |" in page
    assert "- 2,000 runs in which segments were kept, of 2,400 steps; Cypher found" in page
    assert "  - in 200 steps time passes" in page
    assert "- 200 kills of a server, its Neo4j or both while 12,345 events came" in page
    assert "- 500 times a client that listens was cut off" in page
    assert "it heard 4,321 changes" in page
    assert "  - graph: events were taken again 1 times, in 3.0 s, at worst in 3.0 s" in page
    assert "2026-11-24, Neo4j 5.26.24, Python 3.11.2, seeds 7." in page
    assert "Run of `valid-until`: 2026-11-24, Python 3.11.2, seeds 7." in page


def test_a_page_is_refused_where_it_would_not_be_true(
    rings: defaultdict[str, Ring], tmp_path: Path
) -> None:
    """What is missing, too small or too seldom is told, and a difference."""
    enough(rings)
    del rings["valid-until"]
    rings["corpus"].judged({}, ["Did"], 2, 1)
    rings["generated"] = Ring()
    rings["generated"].judged({}, every_word() - {"Did.within"}, 7)
    report.keep(tmp_path / "proof.json", RUN)

    lacking = list(proof.lacking(report.read((tmp_path / "proof.json").read_bytes())))

    assert lacking[:3] == [
        "1 cases of the ring `corpus` differ",
        "`generated` has 7 cases of 1 definitions",
        "1 definitions of `generated` say AboutCampaign",
    ]
    assert "0 definitions of `generated` say Did.within" in lacking
    assert lacking[-1:] == ["the ring `valid-until` has not been run"]


def test_a_page_tells_what_is_still_to_be_done(
    rings: defaultdict[str, Ring], tmp_path: Path
) -> None:
    """Hours of steps and kills add up; as long as they are too few, it is said."""
    enough(rings)
    report.COUNTED["kept"].update({"runs": -1, "rested": -1})
    del report.COUNTED["killed"]
    report.keep(tmp_path / "proof.json", RUN)

    page = proof.page(report.read((tmp_path / "proof.json").read_bytes()))

    assert "- not yet enough: segments were kept in 1,999 of 2,000 runs" in page
    assert "- not yet enough: in 199 of 200 steps no server runs for a while" in page
    assert "- not yet enough: servers or graphs were killed 0 of 200 times" in page
