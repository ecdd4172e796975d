"""What each condition is in an English sentence, and what its contrary is."""

from __future__ import annotations

from typing import Any, Final

import pytest

from graph.conditions import Condition, read
from tests.graph.conditions.sentences import SENTENCES, VIEWED


@pytest.mark.parametrize(("where", "text", "untrue"), SENTENCES.values(), ids=SENTENCES)
def test_it_is_said_of_a_contact(where: dict[str, Any], text: str, untrue: str) -> None:
    """Every contact who …: the condition, and its contrary."""
    condition = read(where)

    assert (condition.text(), condition.untrue()) == (text, untrue)
    assert condition.sentence() == f"Every contact who {text}."
    assert read({"not": where}).sentence() == f"Every contact who {untrue}."


def test_each_condition_has_a_sentence() -> None:
    """No word of the language is left out."""
    assert {word.split(",")[0].split(" ")[0] for word in SENTENCES} == set(Condition.choices)


def test_of_many_values_some_are_said() -> None:
    """A sentence stays one that can be read."""
    twelve = read({"trait": {"name": "age", "is": {"in": list(range(12))}}})
    many = read({"trait": {"name": "age", "is": {"notIn": list(range(1000))}}})

    assert twelve.text() == "has an “age” that is 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 11"
    assert many.text() == (
        "has an “age” that is other than 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 or 990 others"
    )


WINDOWS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "last": ({"last": "P14D"}, "in the last 14 days"),
    "a day": ({"last": "P1D"}, "in the last 24 hours"),
    "an hour": ({"last": "PT1H"}, "in the last hour"),
    "between": ({"between": {"from": "P60D", "to": "P30D"}}, "between 60 and 30 days ago"),
    "between, in two units": (
        {"between": {"from": "P2D", "to": "PT3H"}},
        "from 2 days ago to 3 hours ago",
    ),
    "between, in three parts": (
        {"between": {"from": "P1DT1H", "to": "P1D"}},
        "from 1 day and 1 hour ago to 1 day ago",
    ),
    "before": ({"between": {"to": "P30D"}}, "30 days ago or earlier"),
    "since": ({"since": "2026-11-01T00:00:00Z"}, "since 1 November 2026"),
    "during": (
        {"during": {"from": "2026-11-01T00:00:00Z", "to": "2026-12-01T08:30:00Z"}},
        "from 1 November 2026 to 1 December 2026 08:30:00 UTC",
    ),
    "calendar": (
        {"calendar": {"unit": "MONTH", "count": 3, "zone": "Europe/Berlin"}},
        "in the last 3 whole months and the current one (Europe/Berlin time)",
    ),
    "ofFirst": (
        {"ofFirst": {"event": "Signed Up", "within": "P7D"}},
        "within 7 days of the first “Signed Up”",
    ),
}


@pytest.mark.parametrize(("window", "text"), WINDOWS.values(), ids=WINDOWS)
def test_a_window_is_said(window: dict[str, Any], text: str) -> None:
    """After what was done it is said when."""
    assert read({"did": {**VIEWED, "within": window}}).text() == f"viewed a page {text}"
