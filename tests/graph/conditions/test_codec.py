"""Conditions from JSON and back: what is refused at which path, what is filled in, what is one."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from graph import errors
from graph.conditions import read, write
from graph.conditions.codec import ordering
from graph.conditions.did import Did

TOLD = {
    row["id"]: (json.loads(row["where"]), row["path"], row["message"])
    for row in tomllib.loads(Path(__file__).with_name("refused.toml").read_text())["refused"]
}


def did(**fields: object) -> dict[str, object]:
    """Return a `did` with these fields."""
    return {"did": {"event": "A", **fields}}


def trait(is_: object, name: str = "v") -> dict[str, object]:
    """Return a `trait` that is so."""
    return {"trait": {"name": name, "is": is_}}


def favourite(value: object) -> dict[str, object]:
    """Return a `favourite` that is so, by a property."""
    return {"favourite": {"event": "A", "by": {"property": "n"}, "is": value}}


def within(window: object) -> dict[str, object]:
    """Return a `did` in a window."""
    return did(within=window)


def nested(depth: int) -> dict[str, object]:
    """Return a condition that many deep."""
    where: dict[str, object] = did()
    for _ in range(depth - 1):
        where = {"not": where}
    return where


def too_many(number: int, most: int) -> str:
    """Return what is said of a list that is too long."""
    return (
        f"The list has {number} elements; at most {most} are taken: part it by `any` or `all`, or "
        "name what they have in common"
    )


REFUSED = TOLD | {
    "many-values": (
        trait({"in": list(range(10_001))}),
        ["trait", "is", "in"],
        too_many(10_001, 10_000),
    ),
    "many-kinds": (
        {"did": {"events": [str(n) for n in range(10_001)]}},
        ["did", "events"],
        too_many(10_001, 10_000),
    ),
    "many-keys": (
        did(about={"content": {"keys": [str(n) for n in range(10_001)]}}),
        ["did", "about", "content", "keys"],
        too_many(10_001, 10_000),
    ),
    "many-tests": (
        did(where=[{"property": "p", "is": {"exists": True}}] * 101),
        ["did", "where"],
        too_many(101, 100),
    ),
    "long-kind": (
        {"did": {"events": ["A", "x" * 201]}},
        ["did", "events", "1"],
        f"The name of an event '{'x' * 60}…' has 201 characters; at most 200 are taken: shorten it",
    ),
    "long-text": (
        trait({"contains": {"text": "x" * 32_001}}),
        ["trait", "is", "contains", "text"],
        f"The text '{'x' * 60}…' has 32001 characters; at most 32000 are taken: shorten it",
    ),
    "too-deep": (
        nested(13),
        ["not"] * 12,
        (
            "This condition is 13 deep; conditions nest at most 12 deep: put "
            "those of `all` in `all`, or `any` in `any`, beside each other in one list"
        ),
    ),
    "too-many": (
        {"any": [did()] * 301},
        ["any", "300"],
        (
            "This is leaf 301; a definition has at most 300 leaves: name many "
            "values by one `in`, many kinds of events by one `events`"
        ),
    ),
}


@pytest.mark.parametrize(("raw", "path", "message"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(raw: object, path: list[str], message: str) -> None:
    """What has no meaning is refused where it is written, with its message."""
    with pytest.raises(errors.BadInput) as caught:
        read(raw)

    assert ([str(part) for part in caught.value.path], caught.value.message) == (path, message)


READ = {
    "null-is-absent": (
        {"did": {"event": "A", "events": None, "about": None, "atLeast": None}, "all": None},
        did(),
    ),
    "one-for-a-list": ({"all": did()}, {"all": [did()]}),
    "one-of-a-list": ({"did": {"events": "A"}}, {"did": {"events": ["A"]}}),
    "week": (within({"last": "P1W"}), within({"last": "P7D"})),
    "offset": (
        within({"since": "2026-06-01T02:00:00.0019+02:00"}),
        within({"since": "2026-06-01T00:00:00.001Z"}),
    ),
    "date": (trait({"eq": "2026-06-01"}), trait({"eq": "2026-06-01"})),
    "instant": (
        trait({"eq": "2026-06-01t00:00:00z"}),
        trait({"eq": "2026-06-01T00:00:00.000Z"}),
    ),
    "defaults": (
        within({"calendar": {"unit": "DAY", "count": 1}}),
        within({"calendar": {"unit": "DAY", "count": 1, "zone": "UTC", "current": True}}),
    ),
    "deepest": (nested(12), nested(12)),
    "most": ({"any": [did()] * 300}, {"any": [did()] * 300}),
}


@pytest.mark.parametrize(("raw", "written"), READ.values(), ids=READ)
def test_it_is_written_in_full(raw: object, written: object) -> None:
    """What may be said in several ways is written in one, defaults filled in."""
    assert write(read(raw)) == written


CANONICAL = {
    "flat": (
        {"all": [did(), {"all": [trait({"eq": 1}), did()]}]},
        {"all": [did(atLeast=1), trait({"eq": 1})]},
    ),
    "ordered": (
        {"any": [trait({"eq": 2}), trait({"eq": 1})]},
        {"any": [trait({"eq": 1}), trait({"eq": 2})]},
    ),
    "one-child": ({"all": [{"any": [did()]}]}, did(atLeast=1)),
    "not-not": ({"not": {"not": did()}}, did(atLeast=1)),
    "not-inward": (
        {"not": {"any": [did(), {"not": {"all": [trait({"eq": 1}), trait({"eq": 2})]}}]}},
        {"all": [{"not": did(atLeast=1)}, trait({"eq": 1}), trait({"eq": 2})]},
    ),
    "kinds": (
        {"did": {"events": ["B", "A", "B"]}},
        {"did": {"events": ["A", "B"], "atLeast": 1}},
    ),
    "one-kind": ({"did": {"events": ["A", "A"]}}, did(atLeast=1)),
    "range-of-one": (did(atLeast=2, atMost=2), did(exactly=2)),
    "at-most": (did(atLeast=0, atMost=2), did(atMost=2)),
    "none": (did(atMost=0), did(exactly=0)),
    "engaged": (
        {"engaged": {"topic": "t", "contents": 2, "with": ["B", "A"]}},
        {
            "did": {
                "events": ["A", "B"],
                "about": {"content": {"topic": "t"}},
                "atLeast": 2,
                "distinct": {"thing": True},
            }
        },
    ),
    "not-engaged": (
        {"not": {"engaged": {"topic": "t", "with": ["A"]}}},
        {
            "not": {
                "did": {
                    "event": "A",
                    "about": {"content": {"topic": "t"}},
                    "atLeast": 1,
                    "distinct": {"thing": True},
                }
            }
        },
    ),
}


@pytest.mark.parametrize(("raw", "canonical"), CANONICAL.values(), ids=CANONICAL)
def test_one_meaning_has_one_form(raw: object, canonical: object) -> None:
    """The canonical form is the one way to say the same, and is its own."""
    found = read(raw).canonical()

    assert write(found) == canonical
    assert found.canonical() == found


def test_a_class_that_is_no_choice_has_no_word() -> None:
    """Only what stands in a choice stands under a word."""
    with pytest.raises(TypeError, match="Stray"):
        write(type("Stray", (Did,), {})(event="A"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (trait({"eq": 1.0}), trait({"eq": 1})),
        (trait({"eq": "2026-01-01T02:00:00+02:00"}), trait({"eq": "2026-01-01"})),
        (trait({"in": [1.0, "2026-01-01T00:00:00Z"]}), trait({"in": ["2026-01-01", 1]})),
        (trait({"notIn": [2, 3.0]}), trait({"notIn": [3, 2.0]})),
        (trait({"between": {"from": 0.0, "to": 2}}), trait({"between": {"from": 0, "to": 2.0}})),
        (
            {"colleagues": {"who": did(), "none": True}},
            {"colleagues": {"who": did(), "exactly": 0}},
        ),
        (favourite(1.0), favourite(1)),
        (favourite("2026-01-01T02:00:00+02:00"), favourite("2026-01-01")),
        ({"not": trait({"exists": True})}, trait({"exists": False})),
        ({"not": trait({"exists": False})}, trait({"exists": True})),
        (
            {"not": {"any": [did(), trait({"exists": True})]}},
            {"all": [trait({"exists": False}), {"not": did()}]},
        ),
    ],
    ids=[
        "a whole number",
        "a midnight",
        "both",
        "whole numbers",
        "a range",
        "no colleague",
        "a favourite number",
        "a favourite midnight",
        "not set",
        "not unset",
        "not set further in",
    ],
)
def test_what_means_the_same_is_the_same_text(one: object, other: object) -> None:
    """Two ways to say the same are stored, hashed and compared as one."""
    assert ordering(read(one).canonical()) == ordering(read(other).canonical())
