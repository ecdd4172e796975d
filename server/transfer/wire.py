"""Requests to a server: sent again until it answers, as long as patience lasts."""

from __future__ import annotations

import ipaddress
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx2
import msgspec

from server.transfer.failures import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_TIMEOUT = httpx2.Timeout(30.0, connect=5.0, read=120.0)
_COME_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT: Final = 0.1
_LONGEST_WAIT: Final = 5.0


@contextmanager
def connected(url: str) -> Generator[httpx2.Client]:
    """Give a client of the server; a proxy of the environment is not asked for this machine."""
    with httpx2.Client(base_url=url, timeout=_TIMEOUT, trust_env=not _is_here(url)) as client:
        yield client


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Patience:
    """Waits longer from failure to failure, and gives up after so many seconds without success.

    `comfort` is said to whoever gives up.
    """

    def __init__(self, seconds: float, say: Callable[[str], None], comfort: str = "") -> None:
        self._seconds = seconds
        self._say = say
        self._comfort = f"; {comfort}" if comfort else ""
        self._stopped = threading.Event()
        self.renew()

    def renew(self) -> None:
        """Begin anew: something has been achieved."""
        self._since = time.monotonic()
        self._next = _FIRST_WAIT

    def stop(self) -> None:
        """Give up at the next failure, and now where one is being waited out."""
        self._stopped.set()

    def wait(self, reason: str, at_least: float = 0.0) -> None:
        """Wait before the next try.

        Raises:
            Unreachable: patience is at its end.
        """
        delay = max(self._next, at_least)
        left = self._since + self._seconds - time.monotonic()
        if delay > left or self._stopped.is_set():
            raise Unreachable(f"{reason}, for {self._seconds:g} s (--patience){self._comfort}")
        if self._next == _FIRST_WAIT:
            self._say(f"{reason}; trying again for up to {self._seconds:g} s")
        self._next = min(self._next * 2, _LONGEST_WAIT)
        self._stopped.wait(delay)


def answered(
    client: httpx2.Client, ask: Callable[[], httpx2.Response], patience: Patience
) -> httpx2.Response:
    """Return the server's answer, having asked again after failures and refusals that pass.

    Raises:
        Unreachable: there is none within patience.
    """
    while True:
        try:
            answer = ask()
        except httpx2.TransportError as failed:
            reason = str(failed) or type(failed).__name__
            patience.wait(f"No answer from {client.base_url} ({reason})")
            continue
        if answer.status_code not in _COME_AGAIN:
            return answer
        answer.read()
        patience.wait(
            f"{client.base_url} answers {answer.status_code} ({problem(answer)})", later(answer)
        )
        answer.close()


def later(answer: httpx2.Response) -> float:
    """Return how many seconds the server asks to wait; 0 where it does not say."""
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isdecimal() else 0.0


class _Problem(msgspec.Struct):
    code: str | None = None
    message: str | None = None
    detail: str | None = None


def problem(answer: httpx2.Response) -> str:
    """Return what the server says is wrong."""
    try:
        said = msgspec.json.decode(answer.content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer.reason_phrase or "no reason given"
    return said.message or said.detail or said.code or answer.reason_phrase


def refused(client: httpx2.Client, answer: httpx2.Response) -> Refused:
    """Return the error of an answer that will not change."""
    return Refused(f"{client.base_url} answers {answer.status_code}: {problem(answer)}")
