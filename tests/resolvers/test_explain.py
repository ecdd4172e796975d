"""Explanations as a client sees them: verdicts, evidence, what would turn them, bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

TELL = """mutation($events: [EventInput!]!, $contacts: [ContactInput!]!,
    $consents: [ConsentInput!]!, $contents: [ContentInput!]!) {
  upsertContents(contents: $contents) { rejected { message } }
  upsertContacts(contacts: $contacts) { rejected { message } }
  upsertConsents(consents: $consents) { rejected { message } }
  recordEvents(events: $events) { rejected { message } }
}"""
EXPLAIN = """query($key: String!, $where: Condition, $segment: String, $at: DateTime) {
  contact(key: $key) { explain(where: $where, segment: $segment, at: $at) {
    holds text changesAt asOf tree { ...Node children { ...Node } }
  } }
}
fragment Node on ExplanationNode {
  text holds changesAt found asked toFlip note others
  evidence { id event at receivedAt about { key } }
}"""
SAVE = """mutation($segment: SegmentInput!) { saveSegment(segment: $segment) { __typename } }"""
CLICKED = {
    "did": {
        "event": "Content Clicked",
        "about": {"content": {"kind": "pricing"}},
        "within": {"last": "P14D"},
        "atLeast": 2,
    }
}


@pytest.fixture
def told(live: Live) -> Live:
    """Tell of a contact who clicked once, and of two colleagues."""
    live.ask(
        TELL,
        contents=[{"key": "prices", "kind": "pricing"}],
        contacts=[
            {"key": key, "accounts": ["acme"], "at": "2026-02-01T00:00:00Z", "traits": traits}
            for key, traits in (("ann", {"plan": "free"}), ("bob", {"plan": "pro"}), ("cy", {}))
        ],
        consents=[
            {
                "contact": "ann",
                "purpose": "email",
                "state": "WITHDRAWN",
                "at": "2026-03-08T00:00:00Z",
            }
        ],
        events=[
            {
                "id": "e1",
                "contact": "ann",
                "event": "Content Clicked",
                "at": "2026-02-25T12:04:00Z",
                "about": {"content": "prices"},
            },
            {
                "id": "e2",
                "contact": "ann",
                "event": "Content Clicked",
                "at": "2026-03-01T00:00:00Z",
                "about": {"content": "prices"},
                "purpose": "email",
            },
        ],
    )
    return live


def explained(live: Live, **variables: object) -> dict[str, Any]:
    """Return an explanation of ann."""
    return live.ask(EXPLAIN, key="ann", **variables)["contact"]["explain"]


def test_what_is_missing_is_said(told: Live) -> None:
    """A count that falls short says what counts, what is missing, until when, and what is withheld.

    The clock stands at 12:00 on 10 March.
    """
    found = explained(told, where=CLICKED)

    assert found == {
        "holds": False,
        "text": "“ann” is not a contact who clicked content of kind "
        "“pricing” at least twice in the last 14 days.",
        "changesAt": None,
        "asOf": "2026-03-10T12:00:00.000Z",
        "tree": {
            "text": "clicked content of kind “pricing” at least twice in the last 14 days",
            "holds": False,
            "changesAt": None,
            "found": 1,
            "asked": "at least twice",
            "toFlip": "1 more “Content Clicked” event about content of kind “pricing” before "
            "12:04 UTC tomorrow",
            "note": "1 event recorded under “email” does not count: that consent is withdrawn",
            "others": [],
            "evidence": [
                {
                    "id": "e1",
                    "event": "Content Clicked",
                    "at": "2026-02-25T12:04:00.000Z",
                    "receivedAt": "2026-03-10T12:00:00.000Z",
                    "about": {"key": "prices"},
                }
            ],
            "children": [],
        },
    }


def test_another_instant_is_explained(told: Live) -> None:
    """At an instant before the withdrawal both events count, until the first is 14 days old."""
    found = explained(told, where=CLICKED, at="2026-03-07T00:00:00Z")

    assert found["holds"] is True
    assert found["text"].startswith(
        "At 00:00 UTC on 7 March 2026, “ann” was a contact who clicked "
    )
    assert found["changesAt"] == "2026-03-08T00:00:00.000Z"
    assert found["tree"]["toFlip"] == "time alone, at 00:00 UTC tomorrow"
    assert [event["id"] for event in found["tree"]["evidence"]] == ["e1", "e2"]


def test_who_is_not_there_yet_meets_nothing(told: Live) -> None:
    """Before a contact exists the verdict is false, even of what has not been done."""
    nothing = {"not": {"did": {"event": "Logged In"}}}

    found = explained(told, where=nothing, at="2026-01-01T00:00:00Z")

    assert found["holds"] is False
    assert found["changesAt"] == "2026-02-01T00:00:00.000Z"
    assert found["tree"]["toFlip"] == "it is first known at 00:00 UTC on 1 February 2026"
    assert [node["holds"] for node in found["tree"]["children"]] == [True]


def test_evidence_of_others_is_their_keys(told: Live) -> None:
    """Where a condition looks at colleagues, those who meet it are named by their keys."""
    who = {"trait": {"name": "plan", "is": {"eq": "pro"}}}

    node = explained(told, where={"colleagues": {"who": who}})["tree"]

    assert (node["holds"], node["found"], node["asked"]) == (True, 1, "at least 1 of 2")
    assert node["others"] == ["bob"]
    none = told.ask(
        'query($who: Condition!) { contact(key: "ann") { explain(where: {colleagues: {who: $who}}) '
        "{ tree { others(first: 0) } } } }",
        who=who,
    )
    assert none == {"contact": {"explain": {"tree": {"others": []}}}}
    assert node["toFlip"] == "1 fewer of its colleagues for whom it is so"


def test_saved_segments_are_explained(told: Live) -> None:
    """A saved segment is explained by its definition; at a given instant nothing changes it."""
    saved = {"key": "clickers", "name": "Clickers", "where": CLICKED}
    assert told.ask(SAVE, segment=saved)["saveSegment"] == {"__typename": "Segment"}
    then = {"segment": {"key": "clickers", "at": "2026-03-07T00:00:00Z"}}

    by_key = explained(told, segment="clickers")
    named = explained(told, where=then)["tree"]

    assert by_key["tree"] == explained(told, where=CLICKED)["tree"]
    assert (named["holds"], named["changesAt"]) == (True, None)
    assert [(each["holds"], each["changesAt"]) for each in named["children"]] == [(True, None)]


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({}, []),
        ({"where": CLICKED, "segment": "x"}, []),
        ({"segment": "nobody"}, ["segment"]),
        ({"where": CLICKED, "at": "tomorrow"}, ["at"]),
        ({"where": {"segment": {"key": "nobody"}}}, ["where", "segment", "key"]),
        ({"where": {"all": [{"did": {"atLeast": -1}}]}}, ["where", "all", "0", "did", "atLeast"]),
    ],
)
def test_bad_input_is_refused_at_its_path(
    told: Live, variables: dict[str, object], path: list[object]
) -> None:
    """What cannot be explained is refused where it stands."""
    (error,) = told.errors(EXPLAIN, key="ann", **variables)

    assert error["extensions"]["path"] == path


def test_nobody_is_explained_as_null(told: Live) -> None:
    """An unknown contact is null, not an error."""
    assert told.ask(EXPLAIN, key="nobody", where=CLICKED) == {"contact": None}
