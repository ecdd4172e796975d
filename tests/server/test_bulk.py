"""Bulk: lines in, in any packing; what became of each comes back, also where it breaks off."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, cast

import httpx2
import msgspec
import pytest
from starlette.applications import Starlette

from graph import errors
from graph.segmentation import Checked, Rejection, Told
from server import bodies
from server.bulk import Bulk
from tests.server.live import listening
from tests.server.sending import NDJSON, NOTHING, event, ndjson, problem, send

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from graph.segmentation import Segmentation
    from tests.server.live import Live

pytestmark = pytest.mark.engine


def test_lines_come_in_any_packing(live: Live) -> None:
    """NDJSON, a JSON list and gzip say the same; blank lines say nothing."""
    lines = [event(n, "packing") for n in range(3)]

    answers = [
        send(live, ndjson(*lines)).json(),
        send(live, b"\n \r\n" + ndjson(*lines).removesuffix(b"\n")).json(),
        send(live, msgspec.json.encode(lines), content_type="application/json").json(),
        send(live, gzip.compress(ndjson(*lines)), content_encoding="gzip").json(),
        send(
            live,
            gzip.compress(ndjson(lines[0])) + gzip.compress(ndjson(*lines[1:])),
            content_encoding="gzip",
        ).json(),
        send(live, iter([ndjson(*lines)[:7], ndjson(*lines)[7:]])).json(),
    ]

    assert answers == [NOTHING | {"accepted": 3}] + [NOTHING | {"duplicates": 3}] * 5


def test_what_is_said_is_what_a_mutation_says(live: Live) -> None:
    """The answer has the fields of GraphQL's, the rejected lines with index, key and path."""
    bad = {
        "contact": "same",
        "event": "Page Viewed",
        "id": "x",
        "properties": {"a": [1, "x", None]},
    }
    by_import = send(live, ndjson(bad)).json()
    by_graphql = live.ask(
        """mutation($events: [EventInput!]!) { recordEvents(events: $events) {
          accepted duplicates rejected { index key code message path } } }""",
        events=[bad],
    )["recordEvents"]

    assert by_graphql == {name: by_import[name] for name in ("accepted", "duplicates", "rejected")}
    assert by_graphql["rejected"] == [
        {
            "index": 0,
            "key": "x",
            "code": "BAD_USER_INPUT",
            "message": "null cannot be kept in a list: leave it out",
            "path": ["properties", "a"],
        }
    ]


def test_every_type_of_line_is_taken(live: Live) -> None:
    """Things, trees, accounts and contacts come by import too."""
    answer = live.load(
        {"type": "topic", "key": "t"},
        {"type": "category", "key": "c"},
        {"type": "content", "key": "page", "topics": ["t"]},
        {"type": "product", "key": "shoe", "category": "c"},
        {"type": "account", "key": "acme", "traits": {"tier": "business"}},
        {"type": "contact", "key": "typed", "accounts": ["acme"]},
        {"type": "event", **event(1, "typed")},
        {"type": "contact", "key": "typed"},
        {"type": "consent", "contact": "typed", "purpose": "email", "state": "GRANTED"},
        {"type": "wish", "contact": "typed"},
    )

    assert (answer["created"], answer["accepted"], answer["unchanged"]) == (7, 1, 1)
    assert [(each["index"], each["path"]) for each in answer["rejected"]] == [(9, ["type"])]


@pytest.mark.timeout(300)
def test_of_5000_with_3_bad_ones_4997_are_taken(live: Live) -> None:
    """The bad ones come back with index, code, message and path."""
    events: list[dict[str, Any]] = [event(n, f"many-{n % 50}") for n in range(5000)]
    events[7] |= {"at": "2026-03-10T11:00:00"}
    events[2500] |= {"contact": ""}
    events[4999] |= {"properties": {"a`b": {"c": 1}}}

    answer = send(live, ndjson(*events)).json()

    assert answer["accepted"] == 4997
    assert [list(each.values()) for each in answer["rejected"]] == [
        [
            7,
            "7",
            "BAD_USER_INPUT",
            (
                "'2026-03-10T11:00:00' is not an instant: write it in RFC 3339 with an offset, "
                "such as 2026-11-23T10:00:00Z"
            ),
            ["at"],
        ],
        [
            2500,
            "2500",
            "BAD_USER_INPUT",
            "The key of the contact is empty: give at least one character",
            ["contact"],
        ],
        [
            4999,
            "4999",
            "BAD_USER_INPUT",
            "A nested map cannot be kept: use flat names",
            ["properties", "a`b"],
        ],
    ]


@pytest.mark.timeout(300)
def test_a_body_that_breaks_off_says_what_was_taken(live: Live) -> None:
    """Lines before the break that were settled are counted; none after them is taken."""
    lines = ndjson(*(event(n, "broken-off") for n in range(6000)))
    packed = gzip.compress(lines)

    response = send(live, packed[:-20], content_encoding="gzip")
    again = send(live, packed, content_encoding="gzip")

    assert problem(response) == (
        400,
        "BAD_USER_INPUT",
        "The gzip body is cut: send it again as a whole",
        5000,
    )
    assert response.json()["told"] == NOTHING | {"accepted": 5000}
    assert again.json() == NOTHING | {"accepted": 1000, "duplicates": 5000}


@pytest.mark.timeout(300)
def test_more_lines_than_a_request_may_have_are_refused(live: Live) -> None:
    """Of 50,001 lines the first 50,000 are settled; of a list none are, as it is read whole."""
    line = ndjson({"type": "contact", "key": "often"})

    by_lines = send(live, line * 50_001)
    by_list = send(live, b"[" + line * 1 + (b"," + line) * 50_000 + b"]", content_type=bodies.JSON)

    message = "A request has at most 50000 lines; send the rest in another"
    assert problem(by_lines) == (413, "BAD_USER_INPUT", message, 50_000)
    told = by_lines.json()["told"]
    assert told["created"] + told["updated"] + told["unchanged"] == 50_000
    assert problem(by_list)[:3] == (413, "BAD_USER_INPUT", message)


class FullSoon:
    """Takes one turn of lines; then too much waits."""

    def __init__(self) -> None:
        self.turns = 0

    def checking(self) -> Checked:
        """Check lines as at the beginning of time."""
        return Checked(0, 10**15)

    async def tell_checked(self, checked: Checked) -> Told:
        """Take the first lines, and no more."""
        self.turns += 1
        if self.turns > 1:
            raise errors.Busy(retry_after=2.4)
        refused = [Rejection(3, "3", "X", "no", ("a", 0))]
        return Told(accepted=len(checked.rows) - 1, rejected=refused)


def test_who_comes_while_the_queue_is_full_is_told_to_come_again() -> None:
    """Busy is 503 with Retry-After, and says what of the body was taken before."""
    bulk = Bulk(cast("Segmentation", FullSoon()), 10**6)
    with listening(Starlette(routes=bulk.routes())) as url:
        body = ndjson(*(event(n) for n in range(6000)))
        response = httpx2.post(f"{url}/import", content=body, headers=NDJSON)

    assert response.headers["retry-after"] == "2"
    message = "The queue of waiting writes is full."
    assert problem(response) == (503, "BUSY", message, 5000)
    rejected = {"index": 3, "key": "3", "code": "X", "message": "no", "path": ["a", "0"]}
    assert response.json()["told"] == NOTHING | {"accepted": 4999, "rejected": [rejected]}


def test_an_export_that_cannot_begin_is_a_problem() -> None:
    """Where the graph does not answer, nothing is streamed."""

    class Unreachable:
        async def export(self) -> AsyncGenerator[Mapping[str, object]]:
            raise errors.GraphUnavailable("It is down")
            yield {}

    bulk = Bulk(cast("Segmentation", Unreachable()), 10**6)
    with listening(Starlette(routes=bulk.routes())) as url:
        response = httpx2.get(f"{url}/export")

    assert (response.status_code, response.json()["message"]) == (503, "It is down")


def test_an_export_is_what_an_import_takes(live: Live) -> None:
    """Everything comes as lines, the last says how many; told again they change nothing."""
    live.load({"type": "topic", "key": "out"}, event(1, "exported"))

    response = live.http.get("/export")
    *lines, end = response.text.splitlines()
    again = send(live, "\n".join(lines).encode()).json()

    assert response.headers["content-type"] == "application/x-ndjson"
    assert json.loads(end) == {"type": "end", "lines": len(lines)}
    assert again["rejected"] == []
    assert again["accepted"] == again["created"] == again["updated"] == 0
