"""Who is found by the query that the README begins with, counted by hand over an export."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from graph.times import instant
from server import running
from server.demo import story
from tests.server.command import segraph

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.demo import Demo

QUERY = """
query($at: DateTime!) {
  audience(
    at: $at
    where: {
      did: {
        event: "Content Clicked"
        about: { content: { topic: "pricing" } }
        within: { last: "P30D" }
        atLeast: 3
        distinct: { thing: true }
      }
    }
  ) { count members(first: 100) { nodes { key } } }
}
"""
DAYS = dt.timedelta(days=30)

Lines = list[dict[str, Any]]


@pytest.mark.engine
@pytest.mark.process
@pytest.mark.timeout(300)  # it may be the one that waits until the demo has been loaded
def test_the_first_query_finds_whom_an_export_shows(demo: Demo, tmp_path: Path) -> None:
    """Lines of the demo's export, counted without Segraph, give the contacts that it answers."""
    segraph("export", "story.ndjson", "--url", demo.url, folder=tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "story.ndjson").read_bytes().splitlines()]
    now = instant(demo.told)

    body = {"query": QUERY, "variables": {"at": now.isoformat()}}
    answer = httpx2.post(f"{demo.url}/graphql", json=body, timeout=60).json()

    expected = clickers(lines, now)
    audience = answer["data"]["audience"]
    assert [each["key"] for each in audience["members"]["nodes"]] == sorted(expected)
    assert audience["count"] == len(expected)
    planted = story.planted(demo.told)["topic-cluster"]
    assert expected >= set(planted.members)
    assert not expected & set(planted.near_misses)


def clickers(lines: Lines, now: dt.datetime) -> set[str]:
    """Return who clicked three contents of the topic, or of one below it, in 30 days."""
    above = {line["key"]: line.get("parent") for line in lines if line["type"] == "topic"}
    about = {
        line["key"]
        for line in lines
        if line["type"] == "content"
        and any(is_below(topic, above) for topic in line.get("topics", ()))
    }
    clicked: dict[str, set[str]] = {}
    for line in lines:
        if line["type"] == "event" and line["event"] == "Content Clicked":
            key, at = line["about"]["content"], dt.datetime.fromisoformat(line["at"])
            if key in about and now - DAYS < at <= now:
                clicked.setdefault(line["contact"], set()).add(key)
    return {contact for contact, keys in clicked.items() if len(keys) >= 3}


def is_below(topic: str | None, above: Mapping[str, str | None]) -> bool:
    """Tell whether a topic is the one of prices, or leads up to it."""
    while topic not in {None, "pricing"}:
        topic = above[str(topic)]
    return topic == "pricing"


@pytest.mark.process
def test_other_commands_find_it(demo: Demo) -> None:
    """By the folder that it says, which is not the one that they look at by themselves."""
    place = demo.folder / "story"

    assert f"Other commands find it by --data {place}\n" in (demo.folder / "stderr").read_text()
    found = running.find(place)
    assert found is not None
    assert found.url == demo.url
