"""Subscriptions over a real graph: what is heard of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.server.hearing import (
    ALL,
    CHANGES,
    CONTACT,
    SIZE,
    come,
    come_together,
    events,
    hearing,
    leave,
    log,
    until_built,
)

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = [pytest.mark.engine, pytest.mark.process]


def test_changes_are_heard_as_they_come(live: Live, segment: str) -> None:
    """Each with its cursor in the log, its cause, and its contact while there is one."""
    with hearing(live) as heard:
        heard.subscribe(CHANGES, segment=segment)
        heard.subscribe("{ __typename }", "2")
        assert heard.next() == "Query"
        assert heard.message() == {"type": "complete", "id": "2"}
        come(live, segment, "ann")
        entered = heard.next()
        leave(live, "ann")
        left = heard.next()

    cursors = [cursor for cursor, _ in log(live, segment)]
    assert entered == {
        "__typename": "MemberEntered",
        "cursor": cursors[0],
        "sequence": entered["sequence"],
        "contactKey": "ann",
        "cause": "EVENT",
        "segment": {"key": segment},
        "contact": {"key": "ann"},
    }
    assert (left["__typename"], left["cause"], left["contact"]) == ("MemberLeft", "DELETION", None)
    assert left["cursor"] == cursors[1]


def test_members_come_first_where_asked(live: Live, segment: str) -> None:
    """By the page, in the order of their keys, at one cursor; then all that changes after it."""
    members = [f"{segment}-{number:03}" for number in range(230)]
    come_together(live, segment, members)
    with hearing(live) as heard:
        heard.subscribe(CHANGES, segment=segment, snapshot=True)
        pages = [heard.next() for _ in range(3)]
        come(live, segment, f"{segment}-new")
        after = heard.next()

    assert [each["key"] for page in pages for each in page["members"]] == members
    assert [(len(page["members"]), page["complete"]) for page in pages] == [
        (100, False),
        (100, False),
        (30, True),
    ]
    assert len({page["cursor"] for page in pages}) == 1
    assert (after["__typename"], after["contactKey"]) == ("MemberEntered", f"{segment}-new")
    assert pages[0]["cursor"] == log(live, segment)[-2][0]


def test_a_break_is_made_up_for(live: Live, segment: str) -> None:
    """From any cursor on comes each change once; with a cursor nobody gets members again."""
    with hearing(live) as heard:
        heard.subscribe(CHANGES, segment=segment, snapshot=True)
        first = heard.next()
        come(live, segment, "bob")
        second = heard.next()
    come(live, segment, "cid", "dan")
    with hearing(live) as heard:
        heard.subscribe(CHANGES, "later", segment=segment, after=second["cursor"], snapshot=True)
        heard.subscribe(CHANGES, "all", segment=segment, after=first["cursor"])
        came = [heard.message() for _ in range(5)]
        come(live, segment, "eve")
        came += [heard.message() for _ in range(2)]

    by: dict[str, list[str]] = {}
    for message in came:
        change = message["payload"]["data"]["segmentChanges"]
        by.setdefault(message["id"], []).append(change["contactKey"])
    assert by == {"later": ["cid", "dan", "eve"], "all": ["bob", "cid", "dan", "eve"]}


def test_a_size_is_heard_now_and_as_it_changes(live: Live, segment: str) -> None:
    """Who comes while others listen begins with the size that there is."""
    come(live, segment, "fay")
    with hearing(live) as heard:
        heard.subscribe(SIZE, segment=segment)
        sizes = [heard.next()]
        come(live, segment, "gus")
        sizes.append(heard.next())
        with hearing(live) as other:
            other.subscribe(SIZE, segment=segment)
            first = other.next()
            leave(live, "fay", "gus")
            assert other.next() == {"members": 0, "entered": 0, "left": 2}
        sizes.append(heard.next())

    assert first == {"members": 2, "entered": 0, "left": 0}
    assert sizes == [
        {"members": 1, "entered": 0, "left": 0},
        {"members": 2, "entered": 1, "left": 0},
        {"members": 0, "entered": 0, "left": 2},
    ]


def test_one_stream_has_many_segments(live: Live, segment: str) -> None:
    """Those that are named, or all, in the one order of the log; or those of a contact."""
    other = f"{segment}-other"
    live.load({"type": "segment", "key": other, "name": "o", "where": {"did": {"event": other}}})
    until_built(live, other)
    with hearing(live) as heard:
        come(live, segment, "hal")
        heard.subscribe(CONTACT, "contact", contact="hal")
        heard.subscribe(ALL, "one", segments=[other])
        heard.subscribe(ALL, "all")
        heard.subscribe("{ __typename }", "2")
        assert [heard.message()["id"] for _ in range(2)] == ["2", "2"]
        come(live, segment, "ida")
        come(live, other, "hal")
        came = [heard.message() for _ in range(4)]

    of = [
        (message["id"], change["segment"]["key"])
        for message in came
        for change in message["payload"]["data"].values()
    ]
    assert sorted(of) == [("all", segment), ("all", other), ("contact", other), ("one", other)]


REFUSED: dict[str, tuple[str, dict[str, Any], str, list[str]]] = {
    "no such segment": (CHANGES, {"segment": "none"}, "UNKNOWN_SEGMENT", ["segment"]),
    "no such size": (SIZE, {"segment": "none"}, "UNKNOWN_SEGMENT", ["segment"]),
    "one of many": (ALL, {"segments": ["none"]}, "UNKNOWN_SEGMENT", ["segments", "0"]),
    "none at all": (ALL, {"segments": []}, "BAD_USER_INPUT", ["segments"]),
    "no cursor": (ALL, {"after": "x"}, "BAD_USER_INPUT", ["after"]),
    "no such contact": (CONTACT, {"contact": "none"}, "BAD_USER_INPUT", ["contact"]),
    "no text": (CONTACT, {"contact": "\ud800"}, "BAD_USER_INPUT", ["contact"]),
}


@pytest.mark.parametrize(("query", "variables", "code", "path"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_heard_is_refused(
    live: Live, query: str, variables: dict[str, Any], code: str, path: list[str]
) -> None:
    """At its path, by socket and by stream; the connection goes on."""
    with hearing(live) as heard:
        heard.subscribe(query, **variables)
        refused = heard.message()
        heard.subscribe("{ __typename }", "2")
        assert heard.next() == "Query"
    streamed = events(live.url, query, variables)

    assert (refused["type"], refused["id"]) == ("error", "1")
    assert refused["payload"][0]["extensions"] == {"code": code, "path": path}
    assert next(streamed)["errors"] == refused["payload"]


def test_an_archived_segment_is_refused(live: Live) -> None:
    """The way out is named."""
    live.load({"type": "segment", "key": "old", "name": "o", "where": {"did": {"event": "old"}}})
    live.ask('mutation { archiveSegment(key: "old") { __typename } }')
    with hearing(live) as heard:
        heard.subscribe(CHANGES, segment="old")
        (refused,) = heard.message()["payload"]

    assert refused["message"] == "The segment 'old' is archived; save it again to use it"
    assert refused["path"] == ["segmentChanges"]
