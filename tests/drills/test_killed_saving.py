"""Segments that are saved while the server is killed: each definition once, in its order."""

from __future__ import annotations

import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.drills.serving import at, until
from tests.report import PROVE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine import Running

pytestmark = [pytest.mark.drill, pytest.mark.timeout(300)]

AUTHORS = 4
REVISIONS = 40 if PROVE else 12
SAVE = """mutation($segment: SegmentInput!) {
  saveSegment(segment: $segment) { ... on Segment { revision } ... on Problem { message } }
}"""
SAVED = "query($key: String!) { segment(key: $key) { revision revisions { revision definition } } }"


@dataclass(slots=True)
class Authors:
    """Those who save, each a segment of their own, at the server that there is."""

    url: str
    answered: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    lost: list[str] = field(default_factory=list[str])

    def ask(self, query: str, **variables: object) -> Any:  # noqa: ANN401 - whatever is asked for
        """Return what a server answers, however often it has to be asked."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            body = {"query": query, "variables": variables}
            try:
                told = httpx2.post(f"{self.url}/graphql", json=body, timeout=30).json()
                if "errors" not in told:
                    return told["data"]
            except httpx2.TransportError as error:
                self.lost.append(str(error))
            time.sleep(0.2)
        raise AssertionError(f"no answer: {self.lost[-1:]}")

    def write(self, key: str) -> None:
        """Save one definition after the other; what got no answer is sent again as it was."""
        for number in range(1, REVISIONS + 1):
            segment = {"key": key, "name": key, "where": _definition(number)}
            saved = self.ask(SAVE, segment=segment)["saveSegment"]
            self.answered.append((key, saved["revision"]))


def _definition(number: int) -> dict[str, Any]:
    return {"did": {"event": f"e{number}"}}


@pytest.mark.parametrize("seed", range(20 if PROVE else 1))
async def test_a_server_that_is_killed_while_segments_are_saved(
    graph: Running, tmp_path: Path, seed: int
) -> None:
    """What was acknowledged is there, and what is sent again without an answer counts once."""
    keys = [f"s{number}" for number in range(AUTHORS)]
    most = AUTHORS * REVISIONS
    chance = random.Random(seed)  # noqa: S311 - a seed to be told again
    with ThreadPoolExecutor(AUTHORS) as pool, at(graph, tmp_path / "1") as first:
        authors = Authors(first.url)
        working = [pool.submit(authors.write, key) for key in keys]
        early = chance.randrange(most // 8, most // 2)
        until(lambda: len(authors.answered) >= early, 60)
        first.signal(signal.SIGKILL)
        acknowledged = list(authors.answered)
        with at(graph, tmp_path / "2") as second:
            authors.url = second.url
            for each in working:
                each.result()
            found = {key: authors.ask(SAVED, key=key)["segment"] for key in keys}

    in_order = list(range(1, REVISIONS + 1))
    assert authors.lost
    assert len(acknowledged) < most
    for key in keys:
        assert [revision for author, revision in authors.answered if author == key] == in_order
        assert found[key]["revision"] == REVISIONS
        kept = {each["revision"]: each["definition"] for each in found[key]["revisions"]}
        assert list(kept) == in_order[::-1]
        assert [kept[number]["did"]["event"] for number in in_order] == [f"e{n}" for n in in_order]
