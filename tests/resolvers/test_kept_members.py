"""Members of saved segments as they are kept: in pages, in the log, by size, and by contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from graph.subjects import Most
from tests.resolvers.saving import LATELY, ORDERED, built, save

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

NOW: Final = "2026-03-10T12:00:00.000Z"
LOG: Final = """query($key: String!, $first: Int, $after: String) { segment(key: $key) {
  size status progress failure
  members { nodes { key } edges { since } }
  changes(first: $first, after: $after) {
    nodes { __typename sequence contactKey contact { key } cause effectiveAt detectedAt revision
      segment { key } }
    pageInfo { hasNextPage endCursor } } } }"""


def ordered(contact: str, at: str = "2026-03-10T11:00:00Z") -> dict[str, object]:
    """Return an order of a contact."""
    return {"contact": contact, "event": "Order Completed", "id": f"{contact} {at}", "at": at}


def asked(live: Live, key: str, **variables: object) -> dict[str, Any]:
    """Return what is kept of a segment."""
    return live.ask(LOG, key=key, **variables)["segment"]


def test_an_acknowledged_event_is_counted(live: Live) -> None:
    """Whoever it brings in is a member since the event, by that cause."""
    save(live, "buying", LATELY)
    built(live, "buying")
    live.load(ordered("kim"))

    found = asked(live, "buying")
    kim = next(each for each in found["changes"]["nodes"] if each["contactKey"] == "kim")

    assert "kim" in [each["key"] for each in found["members"]["nodes"]]
    assert (found["status"], found["progress"], found["failure"]) == ("LIVE", 1.0, None)
    assert found["size"] == len(found["members"]["nodes"])
    assert kim == {
        "__typename": "MemberEntered",
        "sequence": kim["sequence"],
        "contactKey": "kim",
        "contact": {"key": "kim"},
        "cause": "EVENT",
        "effectiveAt": "2026-03-10T11:00:00.000Z",
        "detectedAt": NOW,
        "revision": 1,
        "segment": {"key": "buying"},
    }


def test_a_contact_shows_its_segments(live: Live) -> None:
    """Since when, and until when if nothing happens."""
    save(live, "lately", LATELY)
    save(live, "ever", ORDERED)
    for key in ("lately", "ever"):
        built(live, key)
    live.load(ordered("lou"))
    query = '{ contact(key: "lou") { segments { segment { key } since until } } }'

    found = {each["segment"]["key"]: each for each in live.ask(query)["contact"]["segments"]}

    since = "2026-03-10T11:00:00.000Z"
    assert (found["lately"]["since"], found["lately"]["until"]) == (
        since,
        "2026-03-17T11:00:00.000Z",
    )
    assert (found["ever"]["since"], found["ever"]["until"]) == (since, None)


def test_an_end_that_nobody_can_tell(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in the way of no other: the segments are shown, and the error is at its place."""
    monkeypatch.setattr("graph.roster.EXPLAINED", Most(1, 10))
    live.load(*({"type": "contact", "key": f"w{n}", "accounts": ["wide"]} for n in range(4)))
    save(live, "lonely", {"not": {"colleagues": {"who": LATELY}}})
    save(live, "wide", {"account": {"traits": [{"name": "key", "is": {"eq": "wide"}}]}})
    for key in ("lonely", "wide"):
        built(live, key)
    query = '{ contact(key: "w1") { segments { segment { key } until } } }'

    answer = live.post(query).json()
    found = {each["segment"]["key"]: each for each in answer["data"]["contact"]["segments"]}
    (error,) = answer["errors"]

    assert {"lonely", "wide"} <= set(found)
    assert found["wide"]["until"] is None
    assert error["path"][-1] == "until"
    assert error["message"].startswith("The condition looks at more than 1 other contacts")


def test_an_edit_changes_members_by_the_difference(live: Live) -> None:
    """Those of the first definition alone leave, by that cause; those of both stay."""
    live.load(ordered("mia", "2026-01-01T00:00:00Z"), ordered("nat"))
    save(live, "edited", ORDERED)
    built(live, "edited")
    before = asked(live, "edited", first=500)["changes"]
    save(live, "edited", LATELY)
    built(live, "edited")

    after = asked(live, "edited", first=500, after=before["pageInfo"]["endCursor"])
    left = {each["contactKey"]: each for each in after["changes"]["nodes"]}

    assert {each["cause"] for each in before["nodes"]} == {"BACKFILL"}
    assert "nat" not in left
    assert (left["mia"]["__typename"], left["mia"]["cause"]) == ("MemberLeft", "DEFINITION")
    assert left["mia"]["revision"] == 2


def test_sizes_over_time(live: Live) -> None:
    """Each point says how many were in it, and who came and left since the one before."""
    save(live, "sized", {"did": {"event": "Signed Up"}})
    built(live, "sized")
    for number in range(3):
        at = f"2026-03-10T{9 + number:02}:30:00Z"
        live.load({"contact": f"s{number}", "event": "Signed Up", "id": "1", "at": at})
    query = """{ segment(key: "sized") { sizes(
      since: "2026-03-10T09:00:00Z", until: "2026-03-10T12:00:00Z", step: "PT1H") {
      at members entered left } } }"""

    points = live.ask(query)["segment"]["sizes"]

    assert [(each["members"], each["entered"], each["left"]) for each in points] == [
        (0, 0, 0),
        (1, 1, 0),
        (2, 1, 0),
        (3, 1, 0),
    ]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ('since: "2026-03-10T00:00:00Z", step: "PT1S"', "43201 points are too many"),
        ('since: "2026-03-11T00:00:00Z", step: "PT1H"', "before the beginning"),
        ('since: "2026-03-09T00:00:00Z", step: "P1M"', "is not a duration"),
    ],
)
def test_sizes_that_cannot_be_told(live: Live, asked: str, message: str) -> None:
    """Are refused with the way out."""
    save(live, "sized", {"did": {"event": "Signed Up"}})

    (error,) = live.errors(f'{{ segment(key: "sized") {{ sizes({asked}) {{ at }} }} }}')

    assert message in error["message"]
