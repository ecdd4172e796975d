"""Those who listen: alike, too slowly, too often, again after a break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graph.place import LogPlace
from server.graphql import waiting
from tests.server.hearing import (
    CHANGES,
    KEYS,
    come,
    come_together,
    events,
    followers,
    hearing,
    log,
    until,
)

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = [pytest.mark.engine, pytest.mark.process]


def test_a_stream_goes_on_after_its_last_event(live: Live, segment: str) -> None:
    """Events carry ids; `Last-Event-ID` is stronger than what the request says."""
    asked = {"segment": segment, "snapshot": True}
    first = events(live.url, CHANGES, asked)
    assert next(first)["data"]["segmentChanges"]["complete"] is True
    come(live, segment, "jim")
    jim = next(first)
    first.close()
    come(live, segment, "kim", "lea")
    later = events(live.url, CHANGES, asked, **{"last-event-id": jim["id"]})
    keys = [next(later)["data"]["segmentChanges"]["contactKey"] for _ in range(2)]

    assert jim["id"] == jim["data"]["segmentChanges"]["cursor"]
    assert keys == ["kim", "lea"]


def test_equal_subscriptions_are_executed_once(live: Live, segment: str) -> None:
    """Wherever each of them began; when all have left nothing goes on."""
    with hearing(live) as one, hearing(live) as other:
        come(live, segment, "leo")
        other.subscribe(CHANGES, segment=segment, after=LogPlace(0).cursor)
        assert other.next()["contactKey"] == "leo"
        one.subscribe(CHANGES, segment=segment)
        until(lambda: followers(live, segment) == 1)
        one.subscribe("{ __typename }", "2")
        assert [one.message()["id"] for _ in range(2)] == ["2", "2"]
        come(live, segment, "max")
        heard = [one.next(), other.next()]
        alike = followers(live, segment)
    come(live, segment, "nat")

    assert heard[0] == heard[1]
    assert alike == 1
    until(lambda: followers(live, segment) == 0)


def test_who_is_too_slow_is_told_so(
    live: Live, segment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where too much waits it gets a `Resync`, from whose cursor on nothing is missing."""
    monkeypatch.setattr(waiting, "MOST_WAITING", 3)
    with hearing(live) as heard:
        heard.subscribe(KEYS, segment=segment)
        heard.subscribe("{ __typename }", "2")
        assert [heard.message()["id"] for _ in range(2)] == ["2", "2"]
        many = [f"{segment}-{number}" for number in range(200)]
        come_together(live, segment, many)
        came: list[dict[str, Any]] = []
        while (message := heard.message())["type"] == "next":
            came.append(message["payload"]["data"]["segmentChanges"])
        heard.subscribe(KEYS, segment=segment, after=came[-1]["cursor"])
        rest = [heard.next() for _ in range(200 - len(came) + 1)]

    assert message == {"type": "complete", "id": "1"}
    assert came[-1]["__typename"] == "Resync"
    assert came[-1]["reason"] == "Too much was waiting for you to read it"
    assert [each["contactKey"] for each in came[:-1] + rest] == [
        key for _, key in log(live, segment)
    ]


def test_a_connection_has_its_limit(live: Live, segment: str) -> None:
    """The 101st operation at once is refused, and the others go on."""
    with hearing(live) as heard:
        for number in range(100):
            heard.subscribe(CHANGES, str(number), segment=segment)
        heard.subscribe(CHANGES, "more", segment=segment)
        refused = heard.message()
        heard.complete("7")
        heard.subscribe("{ __typename }", "2000")
        assert heard.next() == "Query"

    assert (refused["type"], refused["id"]) == ("error", "more")
    assert refused["payload"][0]["extensions"] == {"code": "TOO_MANY_SUBSCRIPTIONS"}
