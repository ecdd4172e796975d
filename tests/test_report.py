"""The end of a run tells how many cases agreed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tests import report

if TYPE_CHECKING:
    import pytest


def test_each_ring_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases of a ring add up; a ring that was not run has no line."""
    monkeypatch.setattr(report, "AGREED", Counter[str]())

    assert report.lines() == []
    report.agreed("generated", 50)
    report.agreed("corpus", 20)
    report.agreed("corpus", 5)

    assert report.lines() == [
        "25 corpus cases agreed between Python and Neo4j",
        "50 generated cases agreed between Python and Neo4j",
    ]


def test_words_are_counted_by_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A definition judged again is the same one; what few definitions say is rare."""
    monkeypatch.setattr(report, "AGREED", Counter[str]())
    monkeypatch.setattr(report, "WORDS", defaultdict[str, Counter[str]](Counter))
    monkeypatch.setattr(report, "DEFINITIONS", defaultdict[str, "dict[str, frozenset[str]]"](dict))

    report.judged("generated", {"did": {}}, ["Did"], 3)
    report.judged("generated", {"did": {}}, ["Did"], 4)
    report.judged("generated", {"any": []}, ["AnyOf", "Did"], 5)

    assert report.AGREED["generated"] == 12
    assert report.WORDS["generated"] == {"Did": 12, "AnyOf": 5}
    assert report.rare("generated", ["Did", "AnyOf", "Not"], 2) == {"AnyOf": 1, "Not": 0}
