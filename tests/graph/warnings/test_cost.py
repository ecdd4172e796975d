"""The class of cost that a condition has, and the part that is said to make it so."""

from __future__ import annotations

from typing import Any, Final

import pytest

from graph import times
from graph.conditions import read
from graph.estimates import Facts, KindFacts
from graph.warnings import dear

NOW: Final = times.read_instant("2026-03-10T12:00:00Z")
YEAR: Final = NOW - 365 * times.DAY
FACTS: Final = Facts(
    {
        "Page Viewed": KindFacts("PAGE_VIEWED", 50_000_000, YEAR, NOW),
        "Logged In": KindFacts("LOGGED_IN", 2_000_000, YEAR, NOW),
        "Demo Requested": KindFacts("DEMO_REQUESTED", 365, YEAR, NOW),
    },
    contacts=1_000_000,
    accounts=10_000,
    definitions={"team": read({"colleagues": {"who": {"did": {"event": "Logged In"}}}})},
)
DEMO: Final[dict[str, Any]] = {"did": {"event": "Demo Requested", "within": {"last": "P7D"}}}
VIEWED: Final[dict[str, Any]] = {"did": {"event": "Page Viewed"}}
OFTEN: Final[dict[str, Any]] = {
    "did": {"event": "Page Viewed", "within": {"last": "P300D"}, "atLeast": 40}
}
PRO: Final[dict[str, Any]] = {"trait": {"name": "plan", "is": {"eq": "pro"}}}
TEAM: Final[dict[str, Any]] = {"colleagues": {"who": {"did": {"event": "Logged In"}}}}
CHAIN: Final[dict[str, Any]] = {
    "sequence": {"steps": [{"event": "Page Viewed"}, {"event": "Demo Requested"}]}
}
VISITS: Final[dict[str, Any]] = {
    "sequence": {"steps": [{"event": "Page Viewed"}, {"event": "Page Viewed"}]}
}
NO_SEED: Final = "since no part of it says by an event or an account whom to begin with"
OTHERS: Final = "since other contacts are looked at for each one"
FEW: Final = "Beside it, in an `all`, ask for a kind of event that few contacts had lately"
DEAR: Final[dict[str, tuple[object, str, str, str, str, str]]] = {
    "many events": (
        {"all": [PRO, OFTEN]},
        "COST_HIGH",
        "all.1.did",
        "41,000,000",
        "since so many such events lie in its window",
        "Shorten the window, or name rarer events",
    ),
    "every contact": (PRO, "COST_MEDIUM", "trait", "1,000,000", NO_SEED, FEW),
    "all colleagues of everybody": (
        {"colleagues": {**TEAM["colleagues"], "all": True}},
        "COST_HIGH",
        "colleagues",
        "61,000,000",
        OTHERS,
        FEW,
    ),
    "the same in a segment": (
        {"any": [PRO, {"segment": {"key": "team"}}]},
        "COST_HIGH",
        "any.1.segment",
        "61,000,000",
        OTHERS,
        FEW,
    ),
    "steps of everybody": (VISITS, "COST_HIGH", "sequence", "100,000,000", NO_SEED, FEW),
}


@pytest.mark.parametrize(("where", "code", "place", "rows", "why", "fix"), DEAR.values(), ids=DEAR)
def test_what_is_dear_is_told(
    where: object, code: str, place: str, rows: str, why: str, fix: str
) -> None:
    """The class, the dearest part, about how much is looked at, the reason and the way out."""
    (found,) = dear(read(where), NOW, FACTS)

    name = code.removeprefix("COST_").lower()
    message = (
        f"To find them is of {name} cost: about {rows} contacts and events are looked at, most of "
        f"them here, {why}"
    )
    assert (found.code, found.place, found.message, found.fix) == (code, place, message, fix)


@pytest.mark.parametrize(
    "where",
    [DEMO, {"all": [DEMO, TEAM]}, {"all": [VISITS, DEMO]}, {"all": [VIEWED, DEMO]}, CHAIN],
    ids=["rare events", "colleagues of few", "steps of few", "many events of few", "a rare step"],
)
def test_what_begins_with_few_is_not_dear(where: object) -> None:
    """Where a part finds few contacts, the others cost little: the class is low, and untold."""
    assert dear(read(where), NOW, FACTS) == []


@pytest.mark.parametrize("where", [row[0] for row in DEAR.values() if row[0] != PRO])
def test_the_class_depends_on_the_graph(where: object) -> None:
    """Where there is little to look at nothing is dear."""
    few = {name: KindFacts(kind.type, 100, YEAR, NOW) for name, kind in FACTS.kinds.items()}

    assert dear(read(where), NOW, Facts(few, 1_000, 10, FACTS.definitions)) == []
