"""The end of a run tells how many cases agreed."""

from __future__ import annotations

from collections import Counter
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
