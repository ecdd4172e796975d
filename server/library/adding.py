"""Saving a ready segment on a server: itself, and before it the ready ones that it uses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from graph import conditions, errors, references
from server.library import Ready, Value, library
from server.transfer import wire
from server.transfer.failures import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from server.transfer.wire import Patience

FIND: Final = """
query FindSegment($key: String!) {
  segment(key: $key) { revision status definition text }
}
"""
SAVE: Final = """
mutation AddSegment($segment: SegmentInput!) {
  saveSegment(segment: $segment) {
    ... on Segment { revision text }
    ... on Problem { message path }
  }
}
"""


class Outcome(StrEnum):
    """What became of a segment."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Added:
    """A segment as it is on the server now."""

    key: str
    outcome: Outcome
    revision: int
    text: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A ready segment that is to be saved: with which values, and under which key and name."""

    segment: Ready
    values: Mapping[str, Value]
    key: str
    name: str
    replace: bool = False


class Shelf:
    """The saved segments of a server."""

    def __init__(self, client: httpx2.Client, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def add(self, wish: Wish) -> Iterator[Added]:
        """Save a ready segment, and before it each ready one that it uses and that is not there.

        Raises:
            BadInput: its definition has no meaning with these values.
            Refused: there is another one of its key, or the server does not take it.
            Unreachable: the server does not answer within patience.
        """
        where = wish.segment.definition(wish.values)
        condition = conditions.read(where)
        for key in sorted(references.uses(condition) & library().keys() - {wish.key}):
            if self._found(key) is None:
                used = library()[key]
                yield from self.add(Wish(used, {}, key, used.name))
        found = self._found(wish.key)
        if found is None:
            yield self._saved(wish, where, 0)
        elif conditions.read(found["definition"]).canonical() == condition.canonical():
            yield Added(wish.key, Outcome.UNCHANGED, found["revision"], found["text"])
        elif wish.replace:
            yield self._saved(wish, where, found["revision"])
        else:
            raise Refused(
                f"There is a segment {errors.shown(wish.key)} with another definition: "
                f"{found['text']} Save this one under another key (--as), or as the next revision "
                "of that one (--replace)"
            )

    def _found(self, key: str) -> dict[str, Any] | None:
        found = self._asked(FIND, {"key": key})["segment"]
        return None if found is None or found["status"] == "ARCHIVED" else found

    def _saved(self, wish: Wish, where: Mapping[str, object], revision: int) -> Added:
        segment = {
            "key": wish.key,
            "name": wish.name,
            "description": wish.segment.description,
            "where": where,
        }
        # Of an archived one the revision goes on, so none is expected where none is seen.
        expected = {"expectedRevision": revision} if revision else {}
        told = self._asked(SAVE, {"segment": segment | expected})["saveSegment"]
        if "message" in told:
            raise Refused(f"{wish.key}: {told['message']}{_place(told['path'])}")
        outcome = Outcome.REPLACED if revision else Outcome.ADDED
        return Added(wish.key, outcome, told["revision"], told["text"])

    def _asked(self, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
        body = {"query": query, "variables": variables}
        answer = wire.answered(
            self._client, lambda: self._client.post("/graphql", json=body), self._patience
        )
        try:
            told = json.loads(answer.content)
        except ValueError:
            raise wire.refused(self._client, answer) from None
        if wrong := told.get("errors"):
            raise Refused(f"{self._client.base_url}: {wrong[0]['message']}")
        return told["data"]


def _place(path: list[str]) -> str:
    return f" (at {'.'.join(path)})" if path else ""
