"""Which server an import or an export talks to: one that runs, or one for its duration."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph.errors import FolderInUse
from server import running
from server.logs import set_up

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from server.serving import Serving
    from server.settings import Settings
    from server.transfer.display import Display

_log = logging.getLogger(__name__)
_STARTS_WITHIN: Final = 60.0
_LOOKS_EACH: Final = 0.2


@dataclass(frozen=True, slots=True)
class Target:
    """Where the server answers, and what it is known by whenever it runs."""

    url: str
    name: str


@contextmanager
def server(settings: Settings, display: Display) -> Generator[Target]:
    """Give a server that runs for as long as the block.

    It is the one that is named; else the one that the data folder tells of; else one that is
    started, while no other command does so: whoever finds none waits for the one before.

    Raises:
        SegraphError: it cannot be started.
    """
    if settings.url:
        yield Target(settings.url, settings.url)
        return
    where = settings.where
    if found := _found(settings):
        yield Target(found, where)
        return
    with running.starting(settings.data, lambda: display.say(_waiting(where))):
        if found := _found(settings):
            yield Target(found, where)
            return
        display.say(f"No server runs on {where}; starting one for this command")
        set_up(settings)
        with ExitStack() as stack:
            try:
                url = stack.enter_context(_started(settings, display.fetching))
            except FolderInUse as in_use:
                display.say(f"A server is starting on {where}; waiting until it answers")
                url = _awaited(settings, in_use)
            yield Target(url, where)


def _awaited(settings: Settings, in_use: FolderInUse) -> str:
    """Return where the server answers that has the folder, once it says so."""
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until:
        if found := _found(settings):
            return found
        time.sleep(_LOOKS_EACH)
    raise in_use


def _found(settings: Settings) -> str | None:
    found = running.find(settings.data)
    return found.url if found and found.graph == settings.where else None


def _waiting(where: str) -> str:
    return f"Another command runs a server on {where} for its duration; waiting for it to end"


@contextmanager
def _started(settings: Settings, fetching: Callable[[int, int], None]) -> Generator[str]:
    from server.serving import serve

    ready: Future[str] = Future()
    ours = settings.model_copy(update={"host": "127.0.0.1", "port": 0})
    stopping: Future[Callable[[], object]] = Future()

    async def started(serving: Serving) -> None:
        await serving.segmentation.ready()
        ready.set_result(serving.url)

    async def main() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        stopping.set_result(lambda: task and loop.call_soon_threadsafe(task.cancel))
        await serve(ours, started, fetching)

    def run() -> None:
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(main())
        except BaseException as failed:  # noqa: BLE001 - whoever waits for the server gets it
            if ready.done():
                _log.exception("The server of this command has ended")
            else:
                ready.set_exception(failed)

    thread = threading.Thread(target=run)
    with _ended_as_by_hand():
        thread.start()
        try:
            yield ready.result()
        finally:
            with suppress(RuntimeError):
                stopping.result()()
            thread.join()


@contextmanager
def _ended_as_by_hand() -> Generator[None]:
    """Let SIGTERM do what Ctrl-C does, so that the graph is stopped too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
