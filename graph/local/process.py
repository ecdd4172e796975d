"""Run a Neo4j of our own under a data folder, and clear up after one that was left."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import secrets
import signal
import socket
import subprocess
from dataclasses import astuple, dataclass
from enum import Enum, auto
from typing import IO, TYPE_CHECKING, Final

from graph import errors
from graph.database import Database
from graph.local import jars, java
from graph.local.alive import alive, begun

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from pathlib import Path

_log = logging.getLogger(__name__)
USER: Final = "neo4j"
_READY_WITHIN: Final = 180.0
"""Seconds; after a crash it works off its log before it answers."""
_STOP_WITHIN: Final = 20.0
_LOOK_EACH: Final = 0.5
_LONGEST_WAIT: Final = 30.0
_MAIN: Final = {
    True: "org.neo4j.server.CommunityEntryPoint",
    False: "org.neo4j.server.Neo4jCommunity",
}
_OPEN: Final = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_CONF: Final = """\
server.directories.data={home}/data
server.directories.logs={home}/logs
server.directories.run={home}/run
server.directories.plugins={home}/plugins
server.directories.import={home}/import
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size={page_cache}m
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
db.tx_log.rotation.retention_policy=keep_none
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
server.config.strict_validation.enabled=false
"""
CHANGE: Final = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"


class Says(Enum):
    """What a Neo4j says to a password."""

    COME_IN = auto()
    WRONG_PASSWORD = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Running:
    """Where a Neo4j answers, and the process that it is."""

    address: str
    user: str
    password: str
    pid: int

    def opened(self) -> Database:
        """Return the door to it."""
        return Database(self.address, self.user, self.password)

    async def says(self, within: float) -> Says:
        """Return what it says to our password; one that is still starting says nothing."""
        try:
            async with asyncio.timeout(within), self.opened() as database:
                try:
                    await database.engine()
                except errors.GraphRefused:
                    return Says.WRONG_PASSWORD
                await database.read("RETURN 1 AS one")
        except (errors.SegraphError, TimeoutError):
            return Says.NOTHING
        return Says.COME_IN


@dataclass(frozen=True, slots=True)
class _State:
    """What is kept in the folder of a Neo4j that was started."""

    pid: int
    begun: str
    port: int
    version: str = jars.VERSION

    async def alive(self) -> bool:
        """Tell whether it still runs."""
        return await asyncio.to_thread(alive, self.pid, self.begun)


class LocalGraph:
    """A Neo4j that lives under `folder`; memory is in MiB."""

    def __init__(
        self,
        folder: Path,
        *,
        version: str = jars.VERSION,
        heap: int = 1024,
        page_cache: int = 512,
    ) -> None:
        self._folder = folder
        self._home = folder / "neo4j"
        self._version = version
        self._heap = heap
        self._page_cache = page_cache
        self._state = self._home / "running.json"
        self._stopping = False
        self._child: subprocess.Popen[bytes] | None = None

    @contextlib.asynccontextmanager
    async def running(
        self, progress: Callable[[int, int], None] | None = None
    ) -> AsyncGenerator[Running]:
        """Run it for as long as the block.

        Raises:
            LocalGraphFailed: it cannot be fetched or started, or another server has the folder.
        """
        with self._locked():
            try:
                yield await self._adopted() or await self._started(_free_port(), progress)
            finally:
                self._stopping = True
                await asyncio.shield(self._stop())

    async def supervise(self) -> None:
        """Start it again when it dies, for as long as it should run."""
        state = self._told()
        wait = _LOOK_EACH
        while state is not None and not self._stopping:
            await asyncio.sleep(wait)
            if self._stopping or await state.alive():
                continue
            try:
                await self._started(state.port)
            except errors.LocalGraphFailed as error:
                wait = min(wait * 2, _LONGEST_WAIT)
                _log.warning("%s; trying again in %g s", error.message, wait)
            else:
                _log.warning("the Neo4j under %s had ended, and runs again", self._home)
                wait = _LOOK_EACH
                state = self._told() or state

    @property
    def exists(self) -> bool:
        """Whether one has been made under the folder."""
        return self._home.is_dir()

    @property
    def password_file(self) -> Path:
        """Where its password is kept, for its owner to read."""
        return self._folder / "password"

    async def alive(self) -> Running | None:
        """Return the one that runs and answers, whoever has started it; None where none does."""
        state = self._told()
        if state is None or not await state.alive():
            return None
        running = self._running(state)
        return running if await running.says(within=10.0) is Says.COME_IN else None

    @contextlib.contextmanager
    def _locked(self) -> Generator[None]:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            lock: IO[str] = (self._folder / "lock").open("w")
        except OSError as error:
            raise errors.LocalGraphFailed(
                f"The data folder {self._folder} cannot be written: {error.strerror}"
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise errors.FolderInUse(
                    f"Another server runs on the data folder {self._folder}; stop it, or give "
                    "this one another with --data"
                ) from None
            yield

    async def _adopted(self) -> Running | None:
        """Return one that was left running and answers; end one that does not."""
        state = self._told()
        known = state is not None and state.version == self._version
        running = await self.alive() if known else None
        if running is None:
            await self._stop()
        return running

    async def _started(
        self, port: int, progress: Callable[[int, int], None] | None = None
    ) -> Running:
        paths = await asyncio.to_thread(jars.fetch, self._version, progress)
        (self._home / "conf").mkdir(exist_ok=True)
        conf = _CONF.format(home=self._home.resolve(), port=port, page_cache=self._page_cache)
        (self._home / "conf" / "neo4j.conf").write_text(conf)
        arguments = self._home / "args"
        arguments.write_text(f"-cp\n{_quoted(os.pathsep.join(map(str, paths)))}\n")
        command = await asyncio.to_thread(self._command, arguments)
        if self._child is not None:
            self._child.poll()  # it died: let the system forget it
        with (self._home / "console.log").open("wb") as console:
            child = self._child = subprocess.Popen(  # noqa: ASYNC220, S603 - it outlives us, and is our own
                command, stdout=console, stderr=console, start_new_session=True
            )
        state = _State(child.pid, begun(child.pid), port, self._version)
        _write(self._state, json.dumps(astuple(state)))
        running = self._running(state)
        await self._ready(child, running)
        return running

    def _command(self, arguments: Path) -> list[str]:
        home = self._home.resolve()
        opened = [f"--add-opens=java.base/{each}=ALL-UNNAMED" for each in _OPEN]
        return [
            str(java.find(self._version)),
            f"-Xms{min(256, self._heap)}m",
            f"-Xmx{self._heap}m",
            "-XX:+UseG1GC",
            *opened,
            f"@{arguments.resolve()}",
            _MAIN[self._version.startswith("5.")],
            f"--home-dir={home}",
            f"--config-dir={home / 'conf'}",
            "--console-mode",
        ]

    async def _ready(self, child: subprocess.Popen[bytes], running: Running) -> None:
        """Wait until it answers; on an empty folder set the password first."""
        why = f"no answer within {_READY_WITHIN:g} s"
        for _ in range(int(_READY_WITHIN / 0.2)):
            if child.poll() is not None:
                why = "it ended"
                break
            if _listens(running.address) and await self._lets_in(running):
                return
            await asyncio.sleep(0.2)
        await self._stop()
        raise errors.LocalGraphFailed(
            f"The local Neo4j does not start, {why}: {self._last_words()}"
        )

    async def _lets_in(self, running: Running) -> bool:
        said = await running.says(within=5.0)
        if said is not Says.WRONG_PASSWORD:
            return said is Says.COME_IN
        try:
            async with Database(running.address, USER, "neo4j", name="system") as system:
                await system.change(CHANGE, password=running.password)
        except errors.GraphRefused:
            await self._stop()
            raise errors.LocalGraphFailed(
                f"The Neo4j in {self._home} does not take the password in "
                f"{self.password_file}; bring the right one back, or remove {self._home}"
            ) from None
        except errors.SegraphError:
            return False
        return await running.says(within=5.0) is Says.COME_IN

    async def _stop(self) -> None:
        state = self._told()
        if state is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            if not await state.alive():
                break
            with contextlib.suppress(ProcessLookupError):
                os.killpg(state.pid, number)
            for _ in range(int(_STOP_WITHIN / 0.1)):
                if not await state.alive():
                    break
                await asyncio.sleep(0.1)
        if self._child is not None:
            await asyncio.to_thread(self._child.wait)
        self._state.unlink(missing_ok=True)

    def _running(self, state: _State) -> Running:
        return Running(f"bolt://127.0.0.1:{state.port}", USER, self._password(), state.pid)

    def _password(self) -> str:
        file = self.password_file
        if not file.is_file():
            _write(file, secrets.token_urlsafe(24))
        return file.read_text()

    def _told(self) -> _State | None:
        try:
            return _State(*json.loads(self._state.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def _last_words(self) -> str:
        lines = (self._home / "console.log").read_text(errors="replace").splitlines()
        return " / ".join(line.strip() for line in lines[-3:]) or "it says nothing"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _listens(address: str) -> bool:
    host, _, port = address.removeprefix("bolt://").partition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=1):
            return True
    except OSError:
        return False


def _quoted(path: str) -> str:
    """Return a path as Java's argument files take it, blanks and all."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write(file: Path, text: str) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    made = file.with_name(f".{file.name}.{os.getpid()}")
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    made.replace(file)
