"""What each condition found against what it asks, by which events, and what would turn it."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from graph import times
from graph.conditions import Condition
from tests.graph.conditions.evidence import NOW, Line, seen

ROWS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("evidence.toml").read_text("utf-8")
)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_explained(row: dict[str, Any]) -> None:
    """The verdict with its evidence, of others their keys alone, and when it turns by itself."""
    found = seen(json.loads(row["where"]))

    if isinstance(found["found"], dt.datetime):
        found["found"] = times.instant_text(times.milliseconds(found["found"]))
    elif isinstance(found["found"], dt.date):
        found["found"] = found["found"].isoformat()
    absent: dict[str, object] = {
        "found": None,
        "asked": None,
        "events": [],
        "others": [],
        "note": None,
    }
    asked = {name: row[name] for name in row if name not in {"where", "doing"}}
    assert found == {**absent, "changes_at": None, **asked}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_time_turns_it_when_it_is_said_to(row: dict[str, Any]) -> None:
    """A millisecond before it stands; where time is not said to turn it, it stands for a year."""
    where, verdict = json.loads(row["where"]), row["holds"]

    if "changes_at" not in row:
        assert "time alone" not in row["to_flip"]
        assert seen(where, t=NOW + 400 * times.DAY)["holds"] is verdict
        return
    at = times.read_instant(row["changes_at"])
    assert seen(where, t=at - 1)["holds"] is verdict
    assert seen(where, t=at)["holds"] is not verdict


DOING: Final = {name: row for name, row in ROWS.items() if "doing" in row}


@pytest.mark.parametrize("row", DOING.values(), ids=DOING)
def test_what_is_said_to_turn_it_does(row: dict[str, Any]) -> None:
    """Doing all that is said turns the verdict, and doing all but the last of it does not."""
    where, verdict = json.loads(row["where"]), row["holds"]
    doing: list[Line] = json.loads(row["doing"])

    assert seen(where, doing)["holds"] is not verdict
    assert seen(where, doing[:-1])["holds"] is verdict


def test_each_condition_is_explained() -> None:
    """No word of the language is left out."""
    words = {next(iter(json.loads(row["where"]))) for row in ROWS.values()}

    assert words == set(Condition.choices)
