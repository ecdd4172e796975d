"""A server that keeps saved segments in a dict, behind the client's transport."""

from __future__ import annotations

import json
from typing import Any

import httpx2

from graph import conditions
from server.library.adding import FIND, SAVE


class FakeShelf(httpx2.BaseTransport):
    """Answers what is asked of saved segments; `problem` is what it says to each that is saved."""

    def __init__(self, problem: dict[str, Any] | None = None) -> None:
        self.saved: dict[str, dict[str, Any]] = {}
        self.problem = problem

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer an operation."""
        asked = json.loads(request.read())
        variables = asked["variables"]
        if asked["query"] == FIND:
            return _data(segment=self.saved.get(variables["key"]))
        assert asked["query"] == SAVE
        return _data(saveSegment=self.problem or self._save(variables["segment"]))

    def _save(self, segment: dict[str, Any]) -> dict[str, Any]:
        before = self.saved.get(segment["key"], {"revision": 0})["revision"]
        assert segment.get("expectedRevision", before) == before
        condition = conditions.read(segment["where"]).canonical()
        self.saved[segment["key"]] = {
            "revision": before + 1,
            "status": "LIVE",
            "definition": conditions.write(condition),
            "text": f"Every contact who {condition.text()}.",
        }
        return self.saved[segment["key"]]


def _data(**fields: object) -> httpx2.Response:
    return httpx2.Response(200, json={"data": fields})
