"""Those who listen miss nothing, though the graph goes away while a change is to be shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from graph.contacts import CONTACT as READ_CONTACT
from tests.proxy import Proxy
from tests.server.hearing import CHANGES, come, hearing, log, until_built
from tests.server.live import live as serving

if TYPE_CHECKING:
    from tests.engine import Running

pytestmark = [pytest.mark.engine, pytest.mark.process]


@pytest.mark.parametrize("missed", [True, False])
async def test_what_cannot_be_shown_is_told_later(
    neo4j: Running,
    missed: bool,  # noqa: FBT001 - whether it came before one listened
) -> None:
    """Where the graph goes away whenever it is asked for a contact, no change is left out."""
    left = 9

    def cutting(data: bytes) -> bytes:
        """Cut all connections at a statement."""
        nonlocal left
        if READ_CONTACT.encode() in data and left:
            left -= 1
            proxy.cut()
        return data

    def heard(address: str) -> list[Any]:
        """Return whom one hears of, listening while that happens."""
        with serving(replace(neo4j, address=address)) as live, hearing(live) as heard:
            line = {"type": "segment", "key": "here", "name": "here"}
            live.load({**line, "where": {"did": {"event": "here"}}})
            until_built(live, "here")
            come(live, "here", "ann")
            (begin, _), *_ = log(live, "here")
            if not missed:
                heard.subscribe(CHANGES, segment="here", after=begin)
                heard.subscribe("{ __typename }", "2")
                assert [heard.message()["id"] for _ in range(2)] == ["2", "2"]
                proxy.rewritten = cutting
            come(live, "here", "bob", "cid")
            if missed:
                proxy.rewritten = cutting
                heard.subscribe(CHANGES, segment="here", after=begin)
            return [heard.next()["contact"] for _ in range(2)]

    async with Proxy(neo4j.address) as proxy:
        found = await asyncio.to_thread(heard, proxy.address)

    assert left == 0
    assert found == [{"key": "bob"}, {"key": "cid"}]
