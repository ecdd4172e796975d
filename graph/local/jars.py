"""Fetch a Neo4j's jars once; each is checked against the lock file before it is kept."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION: Final = "5.26.24"
_AT_ONCE: Final = 8
_TRIES: Final = 4
_PAUSE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Jar:
    """A jar of the lock file."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def file(self) -> str:
        """The name that it is kept under."""
        parts = (self.artifact, self.version, self.classifier)
        return "-".join(part for part in parts if part) + ".jar"


def locked(version: str = VERSION) -> tuple[Jar, ...]:
    """Return the jars of a version, as its lock file names them.

    Raises:
        LocalGraphFailed: there is no lock file of this version.
    """
    file = resources.files(__package__ or "graph.local") / f"neo4j-{version}.lock"
    if not file.is_file():
        raise errors.LocalGraphFailed(f"Neo4j {version} is not among those that can be fetched")
    jars: list[Jar] = []
    for line in file.read_text().splitlines():
        coordinates, sha256 = line.split()
        group, artifact, number, *classifier = coordinates.split(":")
        jars.append(Jar(group, artifact, number, "".join(classifier), sha256))
    return tuple(jars)


def cache_folder(version: str) -> Path:
    """Return where the jars of a version are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "segraph" / f"neo4j-{version}"


def fetch(
    version: str = VERSION,
    progress: Callable[[int, int], None] | None = None,
    repository: Callable[[Path], Any] | None = None,
) -> tuple[Path, ...]:
    """Return the jars, fetched where they are missing or damaged; safe if two do so at once.

    `repository` opens what they are fetched from, given a folder to keep things in.

    Raises:
        LocalGraphFailed: a jar cannot be fetched, or is not the one that is locked.
    """
    jars = locked(version)
    folder = cache_folder(version)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _fetch(jars, folder, progress or _silent, repository or _maven)
    return tuple(folder / jar.file for jar in jars)


def _fetch(
    jars: tuple[Jar, ...],
    folder: Path,
    progress: Callable[[int, int], None],
    repository: Callable[[Path], Any],
) -> None:
    def there(jar: Jar) -> bool:
        return _is_locked(jar, folder / jar.file)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        kept = list(pool.map(there, jars))
        missing = [jar for jar, found in zip(jars, kept, strict=True) if not found]
        if not missing:
            return
        # What an interrupted run has left half fetched there would be taken for whole.
        shutil.rmtree(folder / "repository", ignore_errors=True)
        source = repository(folder / "repository")
        done = len(jars) - len(missing)

        def one(jar: Jar) -> None:
            keep(jar, folder, _fetched(source, jar))

        for _ in pool.map(one, missing):
            done += 1
            progress(done, len(jars))
    shutil.rmtree(folder / "repository", ignore_errors=True)


def keep(jar: Jar, folder: Path, fetched: Path) -> None:
    """Move a fetched jar to its place if it is the one that is locked.

    Raises:
        LocalGraphFailed: its SHA-256 is another.
    """
    if not _is_locked(jar, fetched):
        found = _sha256(fetched)
        fetched.unlink()
        raise errors.LocalGraphFailed(
            f"{jar.file} is not the jar that is locked: its SHA-256 is {found}, not {jar.sha256}"
        )
    fetched.replace(folder / jar.file)


def _is_locked(jar: Jar, file: Path) -> bool:
    return file.is_file() and _sha256(file) == jar.sha256


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _maven(repository: Path) -> Any:  # noqa: ANN401 - an optional package without types
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise errors.LocalGraphFailed(
            "A Neo4j of our own needs the extra `local`: pip install 'segraph[local]', "
            "or give the address of one with --graph"
        ) from error
    return MavenContext(repo_cache=repository)


def _fetched(context: Any, jar: Jar) -> Path:  # noqa: ANN401 - as above
    component = context.project(jar.group, jar.artifact).at_version(jar.version)
    for left in reversed(range(_TRIES)):
        try:
            return Path(component.artifact(jar.classifier or None).resolve())
        except Exception as error:
            if not left:
                raise errors.LocalGraphFailed(
                    f"{jar.file} cannot be fetched ({error}); try again, what is there is kept"
                ) from error
            time.sleep(_PAUSE)
    raise AssertionError


def _silent(done: int, total: int) -> None:
    del done, total
