"""The default demo's lines: the same for the same seed, whole, and believable."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from server.demo import shelf, story
from tests.server.demo.story_world import Json, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = milliseconds("2026-11-24T02:00:00.250Z")

# Type, fields it must have, fields it may have.
_FIELDS = {
    "topic": ({"key", "name"}, {"parent"}),
    "category": ({"key", "name"}, {"parent"}),
    "content": ({"key", "kind", "title", "url", "topics"}, set[str]()),
    "product": ({"key", "name", "category", "properties"}, set[str]()),
    "account": ({"key", "traits"}, set[str]()),
    "contact": ({"key", "traits", "at", "createdAt"}, {"accounts"}),
    "consent": ({"contact", "purpose", "state", "at"}, set[str]()),
    "event": (
        {"id", "contact", "event", "at", "source"},
        {"about", "properties"},
    ),
}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@cache
def _told(seed: int = 1, now: int = NOW) -> list[Any]:
    """Return all lines of a story."""
    return list(story.lines(now, seed))


def _of(*types: str) -> list[Any]:
    """Return the lines of some types."""
    return [line for line in _told() if line["type"] in types]


def _keys(kind: str) -> set[str]:
    """Return the keys of a type."""
    return {line["key"] for line in _of(kind)}


def _digest(lines: Iterable[Json]) -> str:
    """Return what differs as soon as one byte does."""
    return hashlib.sha256("\n".join(json.dumps(line) for line in lines).encode()).hexdigest()


_ELSEWHERE = """
import hashlib, json
from server.demo import story
lines = (json.dumps(line) for line in story.lines({now}, 1))
print(hashlib.sha256("\\n".join(lines).encode()).hexdigest())
"""


@pytest.mark.process
def test_the_same_seed_tells_the_same_story() -> None:
    """Seed and instant decide every byte, in a process with other hashes too."""
    elsewhere = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", _ELSEWHERE.format(now=NOW)],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONHASHSEED": "4711"},
        capture_output=True,
        check=True,
        text=True,
    )

    assert elsewhere.stdout.strip() == _digest(_told())
    assert _digest(_told(seed=2)) != _digest(_told())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_story_has_its_size(seed: int) -> None:
    """About 2,000 contacts, 50,000 events, 150 accounts, 150 contents."""
    number = Counter(line["type"] for line in _told(seed))
    contacts = {line["key"] for line in _told(seed) if line["type"] == "contact"}

    assert 1_900 <= len(contacts) <= 2_100
    assert 45_000 <= number["event"] <= 55_000
    assert 140 <= number["account"] <= 160
    assert 140 <= number["content"] <= 160


def test_things_come_first_and_events_by_time() -> None:
    """What a line refers to is told before it, and events are in order of time."""
    kinds = [kind for kind, _ in groupby(_told(), key=lambda line: str(line["type"]))]
    times = [milliseconds(line["at"]) for line in _of("event")]

    assert kinds == [
        "topic",
        "category",
        "content",
        "product",
        "account",
        "contact",
        "consent",
        "event",
    ]
    assert all(one <= next_one for one, next_one in pairwise(times))


def test_every_line_has_the_fields_of_its_input() -> None:
    """No line lacks what it needs, and none has what the input does not know."""
    for line in _told():
        must, may = _FIELDS[line["type"]]
        fields = line.keys() - {"type"}

        assert must <= fields <= must | may, line


def test_instants_are_plain_and_past() -> None:
    """Instants are RFC 3339 in UTC with milliseconds; nothing lies ahead, no year is exceeded."""
    written = [
        line[f] for line in _of("event", "contact") for f in ("at", "createdAt") if f in line
    ]
    assert [text for text in written if not _INSTANT.fullmatch(text)] == []
    assert milliseconds(max(written)) <= NOW

    first = min(milliseconds(line["at"]) for line in _of("event"))
    assert first >= NOW - 366 * 24 * 3_600_000


def test_events_are_about_what_there_is() -> None:
    """An event names a thing that was told, or one of the kinds that events bring along."""
    known = {
        "content": _keys("content"),
        "product": _keys("product"),
        "feature": set(shelf.FEATURES.things),
        "search": set(shelf.SEARCHES.things),
    }
    contacts = _keys("contact")
    for line in _of("event"):
        assert line["contact"] in contacts
        for kind, key in line.get("about", {}).items():
            found = key in known[kind] if kind in known else kind in {"ticket", "campaign"}
            assert found, line
    ordered = [i for o in _of("event") for i in o.get("properties", {}).get("products", ())]
    assert {item["product_id"] for item in ordered} <= known["product"]


def test_an_event_has_an_id_of_its_own() -> None:
    """Ids are short and no two events share one."""
    ids = [line["id"] for line in _of("event")]

    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) <= 36


def test_trees_hold_together() -> None:
    """Parents, topics, categories and accounts that a line names were told before."""
    seen: dict[str, set[str]] = {"topic": set(), "category": set()}
    for line in _of("topic", "category"):
        assert line.get("parent") is None or line["parent"] in seen[line["type"]]
        seen[line["type"]].add(line["key"])

    assert {topic for line in _of("content") for topic in line["topics"]} <= seen["topic"]
    assert {line["category"] for line in _of("product")} <= seen["category"]
    employers = {key for line in _of("contact") for key in line.get("accounts", ())}
    assert employers <= _keys("account")


def test_an_order_adds_up() -> None:
    """The total of an order is what its lines cost, and its id is its own for the contact."""
    orders = [line for line in _of("event") if line["event"] == "Order Completed"]

    assert [o["id"] for o in orders if not _adds_up(o["properties"])] == []
    named = {(o["contact"], o["properties"]["order_id"]) for o in orders}
    assert len(named) == len(orders)


def _adds_up(order: Json) -> bool:
    """Tell whether the total is the cost of the lines."""
    cost = sum(item["price"] * item["quantity"] for item in order["products"])
    return abs(cost - order["total"]) < 0.005


def test_plans_have_a_history() -> None:
    """Contacts go up, go down, and try: several contact lines tell their traits over time."""
    plans: dict[str, list[str]] = {}
    for line in _of("contact"):
        if "plan" in line["traits"]:
            plans.setdefault(line["key"], []).append(line["traits"]["plan"])
    paths = Counter(tuple(path) for path in plans.values())

    for path in (("free", "pro"), ("free", "pro", "business"), ("free", "pro", "free")):
        assert paths[path] >= 10, path
    assert sum("trial_ends_at" in line["traits"] for line in _of("contact")) >= 300


def test_few_are_busy_and_many_are_quiet() -> None:
    """A tenth of the contacts does at least two fifths of everything."""
    numbers = sorted(Counter(line["contact"] for line in _of("event")).values(), reverse=True)

    assert sum(numbers[: len(numbers) // 10]) >= 0.4 * sum(numbers)
    assert numbers[len(numbers) // 2] <= 20


def test_people_sleep_and_rest() -> None:
    """Where they live, people do little by night and less at the weekend."""
    zones = {line["key"]: line["traits"].get("zone") for line in reversed(_of("contact"))}
    local = [
        dt.datetime.fromisoformat(line["at"]).astimezone(ZoneInfo(zone))
        for line in _of("event")
        if (zone := zones[line["contact"]])
    ]
    by_night = sum(when.hour < 6 for when in local)
    at_weekends = sum(when.weekday() >= 5 for when in local)

    assert by_night < 0.08 * len(local)
    assert at_weekends < 0.2 * len(local)


def test_popularity_is_uneven() -> None:
    """A few contents draw most of the attention, and nearly every one draws some."""
    about = (line.get("about", {}).get("content") for line in _of("event"))
    views = Counter(key for key in about if key)
    top = sum(number for _, number in views.most_common(15))

    assert top >= 0.25 * views.total()
    assert len(views) >= 0.95 * len(_keys("content"))
