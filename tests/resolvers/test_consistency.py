"""One query operation sees one state of the graph, however much is told meanwhile."""

from __future__ import annotations

import itertools
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest

from graph.database import Database
from tests.server.live import reading

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests import engine
    from tests.server.live import Live

pytestmark = pytest.mark.engine

NUMBERS = itertools.count()
COUNTED = '(where: {did: {event: "Told Again"}}) { count }'
TWENTY = "{" + " ".join(f"a{n}: audience{COUNTED}" for n in range(20)) + "}"
TWO = f"{{ a: audience{COUNTED} b: audience{COUNTED} }}"


@contextmanager
def told_all_the_time(live: Live) -> Generator[None]:
    """Tell of a new contact again and again while the block runs, one commit after another."""
    stopped, told = threading.Event(), threading.Event()

    def tell() -> None:
        with httpx2.Client(base_url=live.url, timeout=30) as http:
            for number in NUMBERS:
                line = {"contact": f"{number}", "event": "Told Again"}
                http.post("/import", json=[line]).raise_for_status()
                told.set()
                if stopped.is_set():
                    return

    teller = threading.Thread(target=tell)
    teller.start()
    try:
        assert told.wait(10)
        yield
    finally:
        stopped.set()
        teller.join()


def test_parts_of_an_answer_belong_together(live: Live) -> None:
    """Twenty counts of one operation are one number, though each commit makes it another."""
    with told_all_the_time(live):
        answers = [live.ask(TWENTY) for _ in range(5)]

    counts = [{each["count"] for each in answer.values()} for answer in answers]
    assert [len(each) for each in counts] == [1] * 5
    assert len({min(each) for each in counts}) > 1


def test_it_holds_on_a_server_that_only_reads(live: Live, neo4j: engine.Running) -> None:
    """Also a server that stands by answers out of one state."""
    database = Database(neo4j.address, neo4j.user, neo4j.password)
    with told_all_the_time(live), reading(database) as url:
        answers = [
            httpx2.post(f"{url}/graphql", json={"query": TWENTY}, timeout=30).json()["data"]
            for _ in range(2)
        ]

    counts = [{each["count"] for each in answer.values()} for answer in answers]
    assert [len(each) for each in counts] == [1] * 2


def test_a_page_fits_its_count(live: Live) -> None:
    """A list and its number agree, and no later answer is of an earlier state."""
    query = """{ audience(where: {did: {event: "Told Again"}}) {
      asOf count members(first: 500) { nodes { key } } } }"""
    with told_all_the_time(live):
        answers = [live.ask(query)["audience"] for _ in range(5)]

    assert [len(each["members"]["nodes"]) for each in answers] == [
        min(500, each["count"]) for each in answers
    ]
    assert [each["count"] for each in answers] == sorted(each["count"] for each in answers)
    assert {each["asOf"][:10] for each in answers} == {"2026-03-10"}


def test_telling_goes_on_afterwards(live: Live) -> None:
    """Commits that were held while somebody read are made then."""
    with told_all_the_time(live):
        live.ask(TWO)

    assert live.load({"contact": "last", "event": "Told Again"})["accepted"] == 1
