"""Imports as a client sends them, and problems as it reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from tests.server.live import Live

NDJSON: Final = {"content-type": "application/x-ndjson"}
NOTHING: Final[dict[str, Any]] = {
    "accepted": 0,
    "duplicates": 0,
    "created": 0,
    "updated": 0,
    "unchanged": 0,
    "rejected": [],
}


def event(number: int, contact: str = "bulk") -> dict[str, str]:
    """Return the line of an event."""
    return {"contact": contact, "event": "Page Viewed", "id": f"{number}"}


def ndjson(*lines: object) -> bytes:
    """Return lines as NDJSON."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def send(live: Live, body: bytes | Iterator[bytes], **headers: str) -> httpx2.Response:
    """Import a body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return live.http.post("/import", content=body, headers={**NDJSON, **named})


def problem(response: httpx2.Response) -> tuple[int, str, str, int]:
    """Return the status, code, message and settled lines of a problem."""
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["title"] == body["message"]
    assert body["status"] == response.status_code
    return response.status_code, body["code"], body["message"], body["lines"]
