"""The Neo4j of a test run: started once on a folder of its own, stopped at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import jgo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION: Final = os.environ.get("SEGRAPH_TEST_NEO4J", "5.26.24")


@dataclass(frozen=True, slots=True)
class Engine:
    """Says where the Neo4j of the run answers."""

    address: str
    user: str
    password: str


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """Run a Neo4j for as long as the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = folder / "conf"
    conf.mkdir(parents=True)
    lines = [f"server.directories.{n}={folder}/{n}" for n in ("data", "logs", "run", "plugins", "import")]
    lines += [
        f"server.bolt.listen_address=127.0.0.1:{port}",
        f"server.bolt.advertised_address=127.0.0.1:{port}",
        "server.http.enabled=false",
        "server.https.enabled=false",
        "server.memory.pagecache.size=128m",
        "dbms.usage_report.enabled=false",
        "db.tx_log.preallocate=false",
        "db.tx_log.rotation.retention_policy=keep_none",
        "dbms.security.auth_enabled=false",
    ]
    (conf / "neo4j.conf").write_text("\n".join(lines))
    env = jgo.build(f"org.neo4j.app:neo4j-server:{VERSION}+org.neo4j:neo4j:{VERSION}")
    (folder / "args").write_text("-cp\n" + os.pathsep.join(str(p) for p in env.all_jars))
    opens = [
        f"--add-opens=java.base/{p}=ALL-UNNAMED"
        for p in ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
    ]
    main = "org.neo4j.server.CommunityEntryPoint"
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(
            ["java", "-Xms256m", "-Xmx512m", *opens, f"@{folder}/args", main,
             f"--home-dir={folder}", f"--config-dir={conf}", "--console-mode"],
            stdout=log, stderr=log, start_new_session=True,
        )
    try:
        _wait(port)
        yield Engine(f"bolt://127.0.0.1:{port}", "neo4j", "")
    finally:
        child.terminate()
        child.wait(30)


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError
