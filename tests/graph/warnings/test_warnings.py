"""What is told of a condition that looks wrong: the code, the place, the words, the way out."""

from __future__ import annotations

from typing import Any, Final

import pytest

from graph.conditions import read
from graph.warnings import Names, warnings
from tests.graph.warnings.alone import ALONE
from tests.graph.warnings.joined import BESIDE, EXCLUDED, IMPLIED, OPEN
from tests.graph.warnings.slipped import SLIPPED
from tests.graph.warnings.told import FREE, NAMES, NOW, PRO, TOLD, VIEWED, then, trait, viewed

ALL_TOLD: Final = TOLD | ALONE | SLIPPED | BESIDE


@pytest.mark.parametrize(
    ("where", "code", "place", "message", "fix"),
    ALL_TOLD.values(),
    ids=ALL_TOLD,
)
def test_what_looks_wrong_is_told(
    where: dict[str, Any], code: str, place: str, message: str, fix: str
) -> None:
    """There is one warning, with its place, what is wrong, and what to do."""
    (found,) = warnings(read(where), NAMES, NOW)

    assert (found.code, found.place, found.message, found.fix) == (code, place, message, fix)


NOT_TOLD: Final[dict[str, dict[str, Any]]] = {
    "known names": {"all": [PRO, VIEWED, {"engaged": {"topic": "pricing"}}]},
    "two values of a trait that may be a list": {
        "all": [trait("tags", eq="a"), trait("tags", eq="b")]
    },
    "windows that overlap in part": {
        "all": [
            viewed(within={"last": "P7D"}),
            viewed(within={"between": {"from": "P30D", "to": "P3D"}}),
        ]
    },
    "a fixed window and a moving one": {
        "all": [
            viewed(within={"since": "2026-01-01T00:00:00Z"}, atMost=1),
            viewed(within={"last": "P7D"}, atLeast=2),
        ]
    },
    "minutes that are usual": viewed(within={"last": "PT15M"}),
    "an hour": viewed(within={"last": "PT1H"}),
    "hours": {"all": [viewed(within={"last": "PT3H"}), trait("trialEnds", inNext="PT6H")]},
    "minutes between steps": then("PT30M"),
    "seconds between steps": then("PT20S"),
    "an hour between steps": then("PT1H"),
    "half an hour after the first": viewed(
        within={"ofFirst": {"event": "Order Completed", "within": "PT30M"}}
    ),
    "no value asked for beside another name": {"any": [PRO, FREE]},
    "a trait that all have": trait("score", ne=3),
    "traits of accounts": {"account": {"traits": [{"name": "tier", "is": {"ne": "gold"}}]}},
    "another value of an account's trait of that name": {
        "account": {"traits": [{"name": "plan", "is": {"ne": "pro"}}]}
    },
    "another value of a trait of colleagues' accounts": {
        "colleagues": {"who": VIEWED, "account": [{"name": "plan", "is": {"notIn": ["pro"]}}]}
    },
    "not another value, which takes in those without": {
        "all": [VIEWED, {"not": trait("plan", ne="pro")}]
    },
    "as many days as there may be": viewed(
        within={"last": "P7D"}, distinct={"day": "UTC"}, atLeast=8
    ),
}


@pytest.mark.parametrize("where", NOT_TOLD.values(), ids=NOT_TOLD)
def test_what_is_plain_is_not_warned_of(where: dict[str, Any]) -> None:
    """Nothing is told of a condition that may well be meant."""
    assert warnings(read(where), NAMES, NOW) == []


@pytest.mark.parametrize("both", EXCLUDED.values(), ids=EXCLUDED)
def test_it_is_told_that_nobody_meets_both(both: list[dict[str, Any]]) -> None:
    """Of two conditions that exclude each other there is one warning, in any order."""
    for children in (both, list(reversed(both))):
        (found,) = warnings(read({"all": children}), NAMES, NOW)

        assert (found.code, found.place) == ("NEVER_TRUE", "all")


@pytest.mark.parametrize(("one", "other"), IMPLIED.values(), ids=IMPLIED)
def test_it_is_told_that_one_follows(one: dict[str, Any], other: dict[str, Any]) -> None:
    """In `all` what follows changes nothing, in `any` what it follows from."""
    for word, children, place in (
        ("all", [one, other], 1),
        ("all", [other, one], 0),
        ("any", [one, other], 0),
    ):
        (found,) = warnings(read({word: children}), NAMES, NOW)

        assert (found.code, found.place) == ("REDUNDANT", f"{word}.{place}")


@pytest.mark.parametrize("children", OPEN.values(), ids=OPEN)
def test_what_may_be_so_at_once_is_not_warned_of(children: list[dict[str, Any]]) -> None:
    """Where it is not certain, nothing is told."""
    for word in ("all", "any"):
        assert warnings(read({word: children}), NAMES, NOW) == []


def test_one_and_true_are_two_values() -> None:
    """Of a trait with numbers and booleans both may be asked for: neither says the other."""
    names = Names(traits={"odd": frozenset({"integer", "boolean"})})
    where = {"any": [trait("odd", eq=1), trait("odd", eq=True)]}

    assert warnings(read(where), names, NOW) == []


@pytest.mark.parametrize(
    ("where", "codes", "message"),
    [
        (
            {"all": [PRO, {"did": {"event": "Xyz"}}]},
            ["NEVER_TRUE", "UNKNOWN_EVENT"],
            "Given all that was told so far, nobody meets the whole of it",
        ),
        (
            {"not": {"any": [VIEWED, {"not": VIEWED}]}},
            ["NEVER_TRUE", "ALWAYS_TRUE"],
            "Given all that was told so far, nobody meets the whole of it",
        ),
        (
            {"any": [PRO, {"not": {"all": [PRO, FREE]}}]},
            ["ALWAYS_TRUE", "NEVER_TRUE"],
            "Given all that was told so far, everybody meets the whole of it",
        ),
    ],
    ids=["an unknown name", "not always", "or not never"],
)
def test_what_a_part_means_for_the_whole_is_told(
    where: dict[str, Any], codes: list[str], message: str
) -> None:
    """Where a part settles all of the definition, that comes first and names the part."""
    first, cause = warnings(read(where), NAMES, NOW)

    assert [first.code, cause.code] == codes
    assert (first.path, first.message) == ((next(iter(where)),), message)
    assert first.fix == f"See {cause.place}"


def test_a_large_definition_is_looked_through_in_bounded_time() -> None:
    """With all the leaves there may be, no more pairs are compared than a limit allows."""
    leaves = [
        {"did": {"event": "Page Viewed", "atLeast": n, "within": {"last": f"P{300 - n}D"}}}
        for n in range(1, 150)
    ]
    where = {"any": [{"all": leaves}, {"all": list(reversed(leaves))}]}

    assert {each.code for each in warnings(read(where), NAMES, NOW)} == {
        "NOT_ALL_COMPARED",
        "REDUNDANT",
    }


def test_it_is_told_where_not_all_was_compared() -> None:
    """Of very many conditions not all pairs are looked at; of many they are."""
    many = {"any": [trait("score", eq=number) for number in range(60)]}
    very_many = {"any": [trait("score", eq=number) for number in range(300)]}

    assert warnings(read(many), NAMES, NOW) == []
    (found,) = warnings(read(very_many), NAMES, NOW)
    assert (found.code, found.place) == ("NOT_ALL_COMPARED", "any")
