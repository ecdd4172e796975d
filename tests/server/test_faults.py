"""Faults: a client reads nothing of them but an id, under which they are in the log."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast

import httpx2
import pytest
from starlette.applications import Starlette

from graph import errors
from graph.database import Database
from graph.segmentation import Checked
from server import health
from server.bulk import Bulk
from tests.proxy import Proxy, broken_within
from tests.server.live import listening, reading
from tests.server.sending import NDJSON, NOTHING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from graph.segmentation import Segmentation, Told
    from tests.engine import Running

WITHIN = "Neo.DatabaseError.Statement.ExecutionFailed"
COUNTED = b"RETURN contacts, accounts"
BROKEN = b"CALL no.such.procedure() "


class Broken:
    """A graph in which everything is a fault."""

    database: Broken

    def __init__(self) -> None:
        self.database = self

    async def engine(self) -> None:
        """Break."""
        raise errors.Fault(WITHIN)

    def checking(self) -> Checked:
        """Check lines as at the beginning of time."""
        return Checked(0, 10**15)

    async def tell_checked(self, checked: Checked) -> Told:
        """Break."""
        raise errors.Fault(f"{WITHIN} {len(checked.lines)}")

    async def tell(self, lines: Sequence[object]) -> Told:
        """Break."""
        raise errors.Fault(f"{WITHIN} {len(lines)}")

    async def export(self) -> AsyncGenerator[Mapping[str, object]]:
        """Break before the first line."""
        raise errors.Fault(WITHIN)
        yield {}


def under(log: pytest.LogCaptureFixture, request: str) -> str:
    """Return what is logged under a request, all of it."""
    (record,) = [each for each in log.records if each.getMessage() == f"request {request} failed"]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    return repr(record.exc_info[1])


@pytest.mark.engine
async def test_a_graph_that_breaks_within(neo4j: Running, caplog: pytest.LogCaptureFixture) -> None:
    """A client of GraphQL reads that it was internal, and the rest of the answer."""

    def broken(data: bytes) -> bytes:
        """Return what the graph is sent, with a statement that breaks in it."""
        return broken_within(data.replace(COUNTED, BROKEN))

    def ask(address: str) -> dict[str, Any]:
        """Return the answer to a question that needs that statement."""
        database = Database(address, neo4j.user, neo4j.password)
        with reading(database) as url:
            query = {"query": "{ status { contacts } }"}
            response = httpx2.post(f"{url}/graphql", json=query, timeout=30)
        assert response.status_code == 200
        return response.json()

    async with Proxy(neo4j.address) as proxy:
        proxy.rewritten = broken
        answer = await asyncio.to_thread(ask, proxy.address)

    (error,) = answer["errors"]
    request = error["extensions"].pop("requestId")
    assert (error["message"], error["extensions"]) == ("Internal error", {"code": "INTERNAL"})
    assert WITHIN in under(caplog, request)


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [("POST", "/import", {"lines": 0, "told": NOTHING}), ("GET", "/export", {})],
)
def test_a_fault_of_bulk(
    caplog: pytest.LogCaptureFixture, method: str, path: str, more: dict[str, Any]
) -> None:
    """A problem says that it was internal, and what was settled before."""
    bulk = Bulk(cast("Segmentation", Broken()), 10**6)
    body = b'{"contact": "a", "event": "x"}' if method == "POST" else b""
    with listening(Starlette(routes=bulk.routes())) as url:
        response = httpx2.request(method, f"{url}{path}", content=body, headers=NDJSON)
    answer = response.json()
    request = answer.pop("requestId")

    assert response.status_code == 500
    assert answer == {
        "title": "Internal error",
        "status": 500,
        "code": "INTERNAL",
        "message": "Internal error",
        **more,
    }
    assert WITHIN in under(caplog, request)


def test_a_fault_of_health(caplog: pytest.LogCaptureFixture) -> None:
    """The server is not ready, and why is in the log."""
    routes = health.routes(cast("Segmentation", Broken()))
    with listening(Starlette(routes=routes)) as url:
        response = httpx2.get(f"{url}/readyz")
    said, _, request = response.json()["reason"].partition("; request ")

    assert (response.status_code, said) == (503, "Internal error")
    assert WITHIN in under(caplog, request)
