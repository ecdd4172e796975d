"""Sending: each line is settled once, whatever the server answers on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.transfer import wire
from server.transfer.failures import Refused, Unreachable
from server.transfer.rows import Rejection, Row
from server.transfer.sending import RETRYABLE, Sender, Settled
from server.transfer.wire import Patience
from tests.server.transfer.fake_server import LOSE, Line, Status
from tests.server.transfer.files import event, ndjson

if TYPE_CHECKING:
    from tests.server.transfer.fake_server import Answer, FakeServer, Rejected

ROWS = tuple(Row(n + 5, ndjson([event(n, id=str(n))]).strip()) for n in range(10))


def sent(server: FakeServer, patience: float = 20) -> Settled:
    """Return what became of ten events."""
    with wire.connected(server.url) as client:
        return Sender(client, Patience(patience, lambda _: None)).send(ROWS)


@pytest.mark.parametrize(
    "answers",
    [
        [Status(429, headers={"retry-after": "1"})],
        [Status(503), Status(503)],
        [Status(500), Status(502)],
    ],
    ids=["429", "503", "500"],
)
def test_a_refusal_that_passes_is_waited_out(server: FakeServer, answers: list[Answer]) -> None:
    """The same request comes again; nothing was taken before."""
    server.answers.extend(answers)

    assert sent(server) == Settled(accepted=10)
    assert server.requests == [10]


def test_a_lost_answer_doubles_nothing(server: FakeServer) -> None:
    """The request comes again, and its events are known by their ids."""
    server.answers.append(LOSE)

    assert sent(server) == Settled(duplicates=10)
    assert len(server.events) == 10


def test_no_request_is_nothing_to_send(server: FakeServer) -> None:
    """Without rows no one is asked."""
    with wire.connected(server.url) as client:
        assert Sender(client, Patience(1, lambda _: None)).send(()) == Settled()

    assert server.requests == []


@pytest.mark.parametrize("code", sorted(RETRYABLE))
def test_busy_lines_come_again(server: FakeServer, code: str) -> None:
    """Only the lines that were not settled are sent again, until they are."""
    waiting = {"3", "7"}

    def once(line: Line) -> Rejected | None:
        if line["id"] in waiting:
            waiting.remove(line["id"])
            return code, "come again", []
        return None

    server.reject = once

    assert sent(server) == Settled(accepted=10)
    assert server.requests == [10, 2]


def test_lines_that_stay_busy_end_patience(server: FakeServer) -> None:
    """What is never settled is not given up in silence."""
    server.reject = lambda line: ("BUSY", "full", []) if line["id"] == "3" else None

    with pytest.raises(Unreachable) as ended:
        sent(server, 0.3)

    assert ended.value.message == (f"{server.url} is busy (full), for 0.3 s (--patience)")


def test_a_rejected_line_is_told_with_its_number(server: FakeServer) -> None:
    """The number is the file's, also of a line that was sent again."""
    busy = {"2"}

    def judged(line: Line) -> Rejected | None:
        if line["id"] in busy:
            busy.remove(line["id"])
            return "BUSY", "come again", []
        return ("CONFLICT", "no", ["properties", "n"]) if line["id"] in {"2", "4"} else None

    server.reject = judged
    settled = sent(server)

    assert settled.accepted == 8
    assert settled.rejections == [
        Rejection(9, "no", ROWS[4].data, ("properties", "n"), "CONFLICT"),
        Rejection(7, "no", ROWS[2].data, ("properties", "n"), "CONFLICT"),
    ]


def test_a_request_that_is_too_large_is_parted(server: FakeServer) -> None:
    """Each line is sent once it is alone enough; one that is too large alone is rejected."""
    server.limit = max(len(row.data) for row in ROWS) * 3
    long = Row(99, ndjson([event(99, id="99", source="x" * server.limit)]).strip())

    with wire.connected(server.url) as client:
        settled = Sender(client, Patience(20, lambda _: None)).send((*ROWS, long))

    assert settled.accepted == 10
    assert settled.rejections == [Rejection(99, f"over {server.limit} bytes", long.data)]
    assert len(server.events) == 10


_FOREIGN: Line = {"index": 10, "code": "X", "message": "no", "path": ()}
STAYING: list[tuple[Status | None, Line, str]] = [
    (Status(400, "not understood"), {}, "answers 400: not understood"),
    (Status(401, "who are you?"), {}, "answers 401: who are you?"),
    (None, {"rejected": None}, "does not answer as Segraph does"),
    (None, {"accepted": 9}, "settles 9 lines where 10 were sent"),
    (None, {"rejected": [_FOREIGN]}, "rejects lines that were not sent"),
]


@pytest.mark.parametrize(("status", "also", "message"), STAYING)
def test_a_refusal_that_stays_ends_it(
    server: FakeServer, status: Status | None, also: Line, message: str
) -> None:
    """What would be answered again the same way is told at once."""
    server.answers.append(status)
    server.also = also

    with pytest.raises(Refused) as refused:
        sent(server)

    assert refused.value.message == f"{server.url} {message}"
