"""One entry is heard in every way that there is, at one place in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.hearing import CHANGES, come, events, hearing, log
from tests.server.webhooks.receiver import create, forget, receiving

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = [pytest.mark.engine, pytest.mark.process]


def test_one_entry_has_one_cursor(live: Live, segment: str) -> None:
    """By a socket, a stream and a webhook, all at once; and in the list of changes."""
    with receiving() as receiver, hearing(live) as heard:
        create(live, receiver.url, segment)
        heard.subscribe(CHANGES, segment=segment)
        heard.subscribe("{ __typename }", "2")
        assert [heard.message()["id"] for _ in range(2)] == ["2", "2"]
        stream = events(live.url, CHANGES, {"segment": segment, "snapshot": True})
        assert next(stream)["data"]["segmentChanges"]["complete"] is True
        come(live, segment, "ann")
        by_socket, by_stream, (posted,) = heard.next(), next(stream), receiver.wait(1)
        stream.close()
        forget(live)
    told = [by_socket, by_stream["data"]["segmentChanges"], posted.payload["data"]]
    ((cursor, _),) = log(live, segment)

    assert {each["cursor"] for each in told} == {by_stream["id"]} == {cursor}
    assert {each["contactKey"] for each in told} == {"ann"}
