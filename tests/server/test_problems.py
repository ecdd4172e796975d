"""Requests that no endpoint takes: a problem as JSON that names what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from server.problems import failed

if TYPE_CHECKING:
    import httpx2
    from starlette.requests import Request
    from starlette.responses import Response

    from tests.server.live import Live

PATHS = "/graphql, /schema.graphql, /import, /export, /livez, /readyz, /"


def told(response: httpx2.Response) -> tuple[int, str, str]:
    """Return the status, code and message of a problem."""
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["title"], body["status"]) == (body["message"], response.status_code)
    return response.status_code, body["code"], body["message"]


@pytest.mark.engine
@pytest.mark.parametrize("path", ["/nope", "/api/graphql", "/import/all"])
def test_a_path_of_nothing_is_told_the_others(live: Live, path: str) -> None:
    """Whoever asks at the wrong place reads which there are."""
    message = f"Nothing is served at '{path}'; there are {PATHS}"

    assert told(live.http.get(path)) == (404, "NOT_FOUND", message)
    assert told(live.http.post(path, json={})) == (404, "NOT_FOUND", message)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/import", "POST"),
        ("PUT", "/import", "POST"),
        ("POST", "/export", "GET, HEAD"),
        ("POST", "/livez", "GET, HEAD"),
        ("DELETE", "/readyz", "GET, HEAD"),
        ("POST", "/schema.graphql", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_taken_is_told_the_others(
    live: Live, method: str, path: str, allowed: str
) -> None:
    """The message and the header `Allow` name what is taken."""
    response = live.http.request(method, path)

    assert {*response.headers["allow"].split(", ")} == {*allowed.split(", ")}
    assert told(response) == (
        405,
        "METHOD_NOT_ALLOWED",
        f"'{path}' is not asked by {method}, but by {response.headers['allow']}",
    )


def test_what_nobody_foresaw_is_a_problem_too() -> None:
    """It is logged, and the client is told the id of its request and no more."""

    async def broken(request: Request) -> Response:
        """Fail as only a defect can."""
        raise LookupError(str(request.url))

    app = Starlette(routes=[Route("/", broken)], exception_handlers={Exception: failed})
    response = TestClient(app, raise_server_exceptions=False).get("/")

    assert told(response) == (500, "INTERNAL", "Internal error")
    assert len(response.json()["requestId"]) == 16
