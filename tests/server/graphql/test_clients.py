"""Clients that nobody here wrote listen: graphql-ws and graphql-sse of npm, gql of Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport

from tests.server.hearing import CHANGES, SIZE, come, followers, until

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = [pytest.mark.engine, pytest.mark.process]


def node() -> str:
    """Return where node is: in this Python's environment, or on the machine."""
    found = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert found is not None
    return found


@pytest.mark.parametrize("protocol", ["ws", "sse"])
def test_a_client_of_npm_listens(live: Live, segment: str, packages: Path, protocol: str) -> None:
    """Members come first, then each change; the client leaves, and nothing goes on."""
    come(live, segment, "ann")
    variables = json.dumps({"segment": segment, "snapshot": True})
    url = f"{live.url}/graphql"
    with subprocess.Popen(  # noqa: S603 - the client under test
        [node(), "listen.mjs", protocol, url, "3", CHANGES, variables],
        cwd=packages,
        stdout=subprocess.PIPE,
        text=True,
    ) as listening:
        assert listening.stdout is not None
        page = json.loads(listening.stdout.readline())["data"]["segmentChanges"]
        come(live, segment, "bob", "cid")
        said, _ = listening.communicate(timeout=20)

    keys = [json.loads(line)["data"]["segmentChanges"]["contactKey"] for line in said.splitlines()]
    assert page["members"] == [{"key": "ann"}]
    assert keys == ["bob", "cid"]
    assert listening.returncode == 0
    until(lambda: followers(live, segment) == 0)


async def test_gql_listens(live: Live, segment: str) -> None:
    """The Python client subscribes over a WebSocket, several times over one connection."""
    transport = WebsocketsTransport(url=f"{live.url.replace('http', 'ws')}/graphql")
    async with Client(transport=transport) as session:
        size_of = GraphQLRequest(SIZE, variable_values={"segment": segment})
        sizes: Any = session.subscribe(size_of)
        asked = {"segment": segment, "snapshot": True}
        changes: Any = session.subscribe(GraphQLRequest(CHANGES, variable_values=asked))
        first, page = await anext(sizes), await anext(changes)
        come(live, segment, "dan")
        size, entered = await anext(sizes), await anext(changes)
        await sizes.aclose()
        await changes.aclose()

    assert first["segmentSize"] == {"members": 0, "entered": 0, "left": 0}
    assert page["segmentChanges"]["complete"] is True
    assert size["segmentSize"] == {"members": 1, "entered": 1, "left": 0}
    assert entered["segmentChanges"]["contactKey"] == "dan"
