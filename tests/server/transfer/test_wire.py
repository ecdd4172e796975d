"""The wire: patience, and what a server says is wrong."""

from __future__ import annotations

import httpx2
import pytest

from server.transfer import wire
from server.transfer.failures import Unreachable
from server.transfer.wire import Patience


def test_patience_ends() -> None:
    """It waits longer each time, says so once, and then gives up with the reason."""
    said: list[str] = []
    patience = Patience(0.5, said.append, "all is kept")

    def wait_on() -> None:
        while True:
            patience.wait("No answer")

    with pytest.raises(Unreachable) as ended:
        wait_on()

    assert said == ["No answer; trying again for up to 0.5 s"]
    assert ended.value.message == ("No answer, for 0.5 s (--patience); all is kept")


def test_success_renews_patience() -> None:
    """What has been achieved sets the time back."""
    patience = Patience(0.25, lambda _: None)

    for _ in range(5):
        patience.wait("No answer")
        patience.renew()


def test_a_wait_longer_than_patience_is_not_begun() -> None:
    """A server that asks for more time than there is gets none."""
    patience = Patience(5, lambda _: None)

    with pytest.raises(Unreachable):
        patience.wait("It is busy", 6)


def test_patience_that_is_stopped_waits_no_more() -> None:
    """Whoever interrupts is not kept waiting."""
    patience = Patience(1000, lambda _: None)
    patience.stop()

    with pytest.raises(Unreachable):
        patience.wait("No answer", 900)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"code":"BUSY","message":"The queue is full"}', "The queue is full"),
        (b'{"detail":"not here"}', "not here"),
        (b'{"code":"BUSY"}', "BUSY"),
        (b"<html>", "Bad Gateway"),
        (b"[]", "Bad Gateway"),
        (b"\xff", "Bad Gateway"),
    ],
)
def test_a_problem_is_told_in_the_servers_words(body: bytes, said: str) -> None:
    """What is no problem document is told by the status."""
    assert wire.problem(httpx2.Response(502, content=body)) == said


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3),
        ({}, 0),
        ({"retry-after": "Sun, 01 Nov 2026 10:00:00 GMT"}, 0),
    ],
)
def test_a_server_may_ask_to_come_later(headers: dict[str, str], seconds: float) -> None:
    """Seconds are honoured; without them the own rhythm holds."""
    assert wire.later(httpx2.Response(503, headers=headers)) == seconds


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://127.0.0.1:1", False),
        ("http://localhost:1", False),
        ("http://[::1]:1", False),
        ("http://segraph.example.com", True),
    ],
)
def test_a_proxy_is_for_others(url: str, *, asked: bool) -> None:
    """This machine is reached without the proxy of the environment."""
    with wire.connected(url) as client:
        assert client.trust_env is asked
