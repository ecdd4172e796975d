"""Saved segments as a client saves, reads and archives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.resolvers.saving import EVENTS, LATELY, ORDERED, archive, built, members, save

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True, scope="module")
def told(live: Live) -> None:
    """Tell what the segments are of."""
    live.load(*EVENTS)


def test_a_segment_is_saved_and_read(live: Live) -> None:
    """It has its canonical form, a sentence, a revision, and soon its members as they are kept."""
    saved = save(live, "buyers", LATELY, description="Bought this week")
    built(live, "buyers")
    query = """{ segment(key: "buyers") { id key name description status text revision asOf size
      members(first: 1) { nodes { key } edges { since } pageInfo { hasNextPage } }
      before: members(at: "2026-03-03T00:00:00Z") { nodes { key } }
      revisions { revision text at } uses { key } usedBy { key } } }"""

    found = live.ask(query)["segment"]

    assert saved["__typename"] == "Segment"
    assert saved["definition"] == {
        "did": {"event": "Order Completed", "within": {"last": "P7D"}, "atLeast": 1}
    }
    assert (saved["revision"], saved["size"], saved["uses"]) == (1, 1, [])
    assert (found["name"], found["description"]) == ("Buyers", "Bought this week")
    assert (found["status"], found["asOf"]) == ("LIVE", "2026-03-10T12:00:00.000Z")
    assert found["members"] == {
        "nodes": [{"key": "bob"}],
        "edges": [{"since": "2026-03-10T12:00:00.000Z"}],
        "pageInfo": {"hasNextPage": False},
    }
    assert found["before"]["nodes"] == []
    assert found["revisions"] == [
        {"revision": 1, "text": found["text"], "at": "2026-03-10T12:00:00.000Z"}
    ]
    assert (found["uses"], found["usedBy"]) == ([], [])
    assert live.ask("query($id: ID!) { node(id: $id) { id } }", id=found["id"]) == {
        "node": {"id": found["id"]}
    }


def test_an_equal_definition_makes_no_revision(live: Live) -> None:
    """Another one does; a new name alone does not, and what is left out stays."""
    save(live, "revised", {"all": [ORDERED, LATELY]}, description="First")
    again = save(live, "revised", {"all": [{"all": [LATELY]}, ORDERED]}, name="Renamed")
    changed = save(live, "revised", ORDERED, description=None)
    query = '{ segment(key: "revised") { name description revisions { revision definition } } }'
    found = live.ask(query)["segment"]

    assert (again["revision"], again["name"], again["description"]) == (1, "Renamed", "First")
    assert (changed["revision"], changed["name"], changed["description"]) == (2, "Revised", None)
    assert [each["revision"] for each in found["revisions"]] == [2, 1]
    assert found["revisions"][0]["definition"] == {
        "did": {"event": "Order Completed", "atLeast": 1}
    }


def test_an_expected_revision_guards_against_others(live: Live) -> None:
    """0 is of one that is new; a conflict names the revision that is there."""
    first = save(live, "guarded", ORDERED, expectedRevision=0)
    late = save(live, "guarded", LATELY, expectedRevision=0)
    second = save(live, "guarded", LATELY, expectedRevision=1)
    early = save(live, "unguarded", LATELY, expectedRevision=3)

    assert (first["revision"], second["revision"]) == (1, 2)
    assert late == {
        "__typename": "RevisionConflict",
        "code": "REVISION_CONFLICT",
        "message": "The segment 'guarded' is at revision 1, and 0 was expected: read it again",
        "path": ["segment", "expectedRevision"],
        "current": 1,
    }
    assert early["message"] == (
        "The segment 'unguarded' is not saved yet, and 3 was expected: read it again"
    )
    assert early["current"] == 0
    assert live.ask('{ segment(key: "unguarded") { key } }') == {"segment": None}


def test_segments_use_one_another(live: Live) -> None:
    """A definition that names another is evaluated with it, as it is now, and at an instant."""
    save(live, "base", LATELY)
    user = save(live, "user", {"all": [{"segment": {"key": "base"}}, {"not": ORDERED}]})
    save(live, "other", {"not": {"segment": {"key": "base"}}})
    query = '{ segment(key: "base") { usedBy { key size } } }'
    at = "2026-03-03T00:00:00Z"

    before = live.ask(query)["segment"]["usedBy"]
    then = {"segment": {"key": "base", "at": at}}
    found = [
        members(live, {"segment": {"key": "base"}}),
        members(live, {"segment": {"key": "base"}}, at),
        members(live, then),
        members(live, {"all": [then, {"not": {"segment": {"key": "base"}}}]}),
        members(live, {"segment": {"key": "other"}}),
        members(live, {"any": [{"segment": {"key": "user"}}, then]}),
    ]
    save(live, "base", ORDERED)

    assert user["uses"] == [{"key": "base"}]
    assert before == [{"key": "other", "size": 2}, {"key": "user", "size": 0}]
    assert found == [["bob"], ["ann"], ["ann"], ["ann"], ["ann", "cyd"], ["ann"]]
    assert members(live, {"segment": {"key": "base"}}) == ["ann", "bob"]
    assert members(live, {"segment": {"key": "other"}}) == ["cyd"]


def test_a_cycle_is_refused_with_the_way_round(live: Live) -> None:
    """A segment uses neither itself nor one that uses it."""
    save(live, "one", ORDERED)
    save(live, "two", {"not": {"segment": {"key": "one"}}})
    save(live, "three", {"segment": {"key": "two"}})

    around = save(live, "one", {"all": [ORDERED, {"not": {"segment": {"key": "three"}}}]})
    itself = save(live, "one", {"segment": {"key": "one"}})

    assert around == {
        "__typename": "SegmentCycle",
        "code": "SEGMENT_CYCLE",
        "message": "The segment would use itself: 'one' uses 'three' uses 'two' uses 'one'",
        "path": ["segment", "where", "all", "1", "not", "segment", "key"],
        "cycle": ["one", "three", "two", "one"],
    }
    assert itself["cycle"] == ["one", "one"]
    assert live.ask('{ segment(key: "one") { revision } }') == {"segment": {"revision": 1}}


def test_archiving(live: Live) -> None:
    """What others use stays; an archived one is kept, used by none, and saved again comes back."""
    save(live, "old", ORDERED)
    save(live, "uses-old", {"segment": {"key": "old"}})

    used = archive(live, "old")
    user = archive(live, "uses-old")
    now = archive(live, "old")
    again = archive(live, "old")
    refused = save(live, "uses-old", {"segment": {"key": "old"}})
    lists = """query($archived: Boolean) {
      segments(search: "old", archived: $archived) { nodes { key status } } }"""
    listed = [live.ask(lists, archived=each)["segments"]["nodes"] for each in (False, True)]
    back = save(live, "old", ORDERED)

    assert used == {
        "__typename": "SegmentInUse",
        "code": "SEGMENT_IN_USE",
        "message": "The segment 'old' is used by 'uses-old': archive or edit those",
        "path": ["key"],
        "usedBy": [{"key": "uses-old", "name": "Uses-Old"}],
    }
    assert (user["status"], now["status"], again["status"]) == ("ARCHIVED",) * 3
    assert refused == {
        "__typename": "InvalidDefinition",
        "code": "UNKNOWN_SEGMENT",
        "message": "The segment 'old' is archived; save it again to use it",
        "path": ["segment", "where", "segment", "key"],
    }
    assert listed[0] == []
    assert [each["key"] for each in listed[1]] == ["old", "uses-old"]
    assert (back["status"], back["revision"]) == ("BUILDING", 1)


def test_archiving_what_is_not_there(live: Live) -> None:
    """It is named, and what is spelt nearly so."""
    save(live, "lapsed-buyers", ORDERED)

    assert archive(live, "lapsed-buyer") == {
        "__typename": "SegmentNotFound",
        "code": "SEGMENT_NOT_FOUND",
        "message": "There is no segment 'lapsed-buyer'; did you mean 'lapsed-buyers'?",
        "path": ["key"],
    }


def test_lists_are_paged_and_searched(live: Live) -> None:
    """In the order of the keys; a text is looked for whatever its case; cursors stay in place."""
    for key in ("page-c", "page-a", "page-b"):
        save(live, key, ORDERED, description=f"Of the PÄGES {key[-1]}")
    query = """query($first: Int, $after: String, $search: String) {
      segments(first: $first, after: $after, search: $search) {
        nodes { key } pageInfo { hasNextPage endCursor } } }"""

    first = live.ask(query, first=2, search="päges")["segments"]
    save(live, "page-aa", ORDERED, description="päges")
    cursor = first["pageInfo"]["endCursor"]
    rest = live.ask(query, first=2, search="päges", after=cursor)["segments"]

    assert [each["key"] for each in first["nodes"]] == ["page-a", "page-b"]
    assert first["pageInfo"]["hasNextPage"] is True
    assert [each["key"] for each in rest["nodes"]] == ["page-c"]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert live.ask(query, search="nowhere")["segments"]["nodes"] == []
    assert "not made by this list" in live.errors(query, after=cursor)[0]["message"]
    assert "from 0 to 500" in live.errors(query, first=501)[0]["message"]


def test_a_page_of_members_goes_on_after_an_edit(live: Live) -> None:
    """Its cursors are of the segment, not of one definition."""
    save(live, "edited", ORDERED)
    query = """query($after: String) { segment(key: "edited") {
      members(first: 1, after: $after) { nodes { key } pageInfo { endCursor } } } }"""

    cursor = live.ask(query)["segment"]["members"]["pageInfo"]["endCursor"]
    save(live, "edited", {"did": {"event": "Logged In"}})

    assert [
        each["key"] for each in live.ask(query, after=cursor)["segment"]["members"]["nodes"]
    ] == ["bob"]


def test_segments_are_told_in_lines_and_given_back(live: Live) -> None:
    """An export has each after those that it uses; told again it changes nothing."""
    base = {"type": "segment", "key": "z-base", "name": "Base", "where": ORDERED}
    user = {
        "type": "segment",
        "key": "a-user",
        "name": "U",
        "where": {"segment": {"key": "z-base"}},
    }
    gone = {**user, "key": "gone", "description": "was", "archived": True}
    bad = {**user, "key": "bad", "where": {"segment": {"key": "z-bases"}}}

    told = live.load(user, base, user, gone, bad)
    lines = [line for line in live.exported() if line["type"] == "segment"]
    again = live.load(*lines)

    keys = [line["key"] for line in lines]
    assert (told["created"], told["updated"]) == (3, 0)
    assert [(each["index"], each["key"], each["path"]) for each in told["rejected"]] == [
        (0, "a-user", ["where", "segment", "key"]),
        (4, "bad", ["where", "segment", "key"]),
    ]
    assert keys.index("z-base") < keys.index("a-user")
    assert lines[keys.index("gone")]["archived"] is True
    assert (again["unchanged"], again["rejected"]) == (len(lines), [])
