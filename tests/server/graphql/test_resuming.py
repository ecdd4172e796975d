"""Those who listen are told how it ends: a segment is archived, edited unannounced, too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graph import following
from graph.place import LogPlace, place_of
from server.graphql import waiting
from tests.server.hearing import (
    ALL,
    CHANGES,
    CONTACT,
    SIZE,
    come,
    hearing,
    leave,
    log,
    until_built,
)

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = [pytest.mark.engine, pytest.mark.process]

MANY = """
subscription($segments: [String!], $after: String) {
  changes(segments: $segments, after: $after) {
    __typename ... on Change { contactKey } ... on Resync { cursor reason }
  }
}
"""
ARCHIVE = "mutation($key: String!) { archiveSegment(key: $key) { __typename } }"


def save(live: Live, key: str, of: str) -> None:
    """Save a segment of those who did something, and wait until it is built."""
    live.load({"type": "segment", "key": key, "name": key, "where": {"did": {"event": of}}})
    until_built(live, key)


def test_an_archived_segment_is_heard_to_its_end(
    live: Live, segment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By who comes back and by who listens; the others of a stream go on."""
    monkeypatch.setattr(following, "QUIET", 0.2)
    other = f"{segment}-other"
    save(live, other, other)
    come(live, segment, "ann", "bob")
    (begin, _), (end, _) = log(live, segment)
    with hearing(live) as heard:
        heard.subscribe(CHANGES, "live", segment=segment, after=end)
        heard.subscribe(SIZE, "size", segment=segment)
        assert heard.message()["payload"]["data"]["segmentSize"]["members"] == 2
        live.ask(ARCHIVE, key=segment)
        ends = {message["id"]: message for message in (heard.message() for _ in range(3))}
        assert ends.keys() == {"live", "size"}
        heard.subscribe(CHANGES, "back", segment=segment, after=begin)
        back = [heard.next() for _ in range(2)]
        assert heard.message() == {"type": "complete", "id": "back"}
        heard.subscribe(MANY, "many", segments=[segment, other], after=begin)
        come(live, other, "cid")
        many = [heard.next()["contactKey"] for _ in range(2)]

    assert ends["size"] == {"type": "complete", "id": "size"}
    assert back[0]["contactKey"] == "bob"
    assert back[1]["reason"] == f"The segment '{segment}' is archived; save it again to use it"
    assert back[1]["__typename"] == "Resync"
    assert many == ["bob", "cid"]


def test_a_cursor_of_another_log_begins_anew(live: Live, segment: str) -> None:
    """Though this log has a change of its number, be that the last one or not."""
    come(live, segment, "ann", "bob")
    places = [place_of(cursor) for cursor, _ in log(live, segment)]
    with hearing(live) as heard:
        for place in places:
            other = LogPlace(place.sequence, place.noticed - 1).cursor
            heard.subscribe(CHANGES, segment=segment, after=other)
            resync = heard.next()
            assert heard.message() == {"type": "complete", "id": "1"}
            assert (resync["cursor"], resync["reason"]) == (
                LogPlace(0).cursor,
                f"Change {place.sequence} is not the one that the cursor is of: it is another log",
            )


def test_an_edit_without_a_word_ends_what_began_with_members(live: Live, segment: str) -> None:
    """Whoever has the members is to take them anew; who has none goes on with what is announced."""
    come(live, segment, "ann")
    with hearing(live) as heard:
        heard.subscribe(CHANGES, "members", segment=segment, snapshot=True)
        page = heard.next()
        heard.subscribe(ALL, "changes", segments=[segment])
        save(live, segment, f"{segment}-other")
        resync, complete = heard.next(), heard.message()
        come(live, f"{segment}-other", "bob")
        change = heard.message()
        heard.subscribe(CHANGES, "later", segment=segment, snapshot=True, after=page["cursor"])
        announced, later = heard.next(), heard.next()

    assert [each["key"] for each in page["members"]] == ["ann"]
    assert resync["__typename"] == later["__typename"] == "Resync"
    assert resync["reason"] == "The definition was edited, and changes by that were not announced"
    assert complete == {"type": "complete", "id": "members"}
    assert change["id"] == "changes"
    assert (announced["__typename"], announced["contactKey"]) == ("MemberEntered", "bob")


def test_one_edit_is_one_resync(live: Live, segment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many it turns, in however many commits: from its cursor on the rest is heard."""
    monkeypatch.setattr("graph.upkeep.members.TURN", 2)
    other = f"{segment}-other"
    come(live, segment, *(f"{segment}-{number}" for number in range(6)))
    with hearing(live) as heard:
        heard.subscribe(CHANGES, segment=segment, snapshot=True)
        assert heard.next()["complete"] is True
        save(live, segment, other)
        resync = heard.next()
        assert heard.message() == {"type": "complete", "id": "1"}
        heard.subscribe(CHANGES, segment=segment, snapshot=True, after=resync["cursor"])
        come(live, other, "zoe")
        change = heard.next()

    assert resync["__typename"] == "Resync"
    assert (change["__typename"], change["contactKey"]) == ("MemberEntered", "zoe")


def test_who_is_too_slow_is_told_so_of_a_contact_that_is_gone(
    live: Live, segment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was too much was that it was deleted."""
    keys = [f"{segment}-{number}" for number in range(6)]
    for key in keys:
        save(live, key, segment)
    come(live, segment, "gil")
    with hearing(live) as heard:
        heard.subscribe(CONTACT, contact="gil")
        heard.subscribe("{ __typename }", "2")
        assert [heard.message()["id"] for _ in range(2)] == ["2", "2"]
        monkeypatch.setattr(waiting, "MOST_WAITING", 3)
        leave(live, "gil")
        came: list[Any] = []
        while (message := heard.message())["type"] == "next":
            came.append(message["payload"]["data"]["contactChanges"])

    assert message == {"type": "complete", "id": "1"}
    assert came[-1]["__typename"] == "Resync"
    for key in keys:
        live.ask(ARCHIVE, key=key)
