"""Jars are fetched once, each only if it is the one that is locked."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from graph import errors
from graph.local import jars
from graph.local.jars import Jar, fetch, locked

NAMES = ("a", "b", "c")


@dataclass
class Maven:
    """A repository that holds each artifact's name, or what it is told to hold."""

    folder: Path
    asked: list[str] = field(default_factory=list[str])
    holds: dict[str, str] = field(default_factory=dict[str, str])
    fails: dict[str, int] = field(default_factory=dict[str, int])

    def __call__(self, folder: Path) -> Self:
        """Open it with a folder to keep things in."""
        self.folder = folder
        return self

    def project(self, group: str, artifact: str) -> Artifact:
        """Return an artifact."""
        assert group == "org.x"
        return Artifact(self, artifact)


@dataclass
class Artifact:
    """One of them."""

    maven: Maven
    name: str

    def at_version(self, version: str) -> Self:
        """Choose the version."""
        assert version == "1"
        return self

    def artifact(self, classifier: str | None) -> Self:
        """Choose the classifier."""
        assert classifier is None
        return self

    def resolve(self) -> Path:
        """Fetch it."""
        self.maven.asked.append(self.name)
        if self.maven.fails.get(self.name, 0) > 0:
            self.maven.fails[self.name] -= 1
            raise OSError("cut")
        self.maven.folder.mkdir(exist_ok=True)
        file = self.maven.folder / self.name
        file.write_text(self.maven.holds.get(self.name, self.name))
        return file


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maven:
    """Lock three jars, and keep them in a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    three = tuple(
        Jar("org.x", name, "1", "", hashlib.sha256(name.encode()).hexdigest()) for name in NAMES
    )

    def locked_here(version: str) -> tuple[Jar, ...]:
        assert version == jars.VERSION
        return three

    monkeypatch.setattr(jars, "locked", locked_here)
    monkeypatch.setattr(jars, "_PAUSE", 0)
    return Maven(tmp_path)


def test_jars_are_fetched_once(maven: Maven) -> None:
    """The second time nothing is asked for; progress is told as they come."""
    told: list[tuple[int, int]] = []
    first = fetch(progress=lambda done, total: told.append((done, total)), repository=maven)
    second = fetch(repository=maven)

    assert [path.read_text() for path in first] == list(NAMES)
    assert first == second
    assert sorted(maven.asked) == list(NAMES)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert not maven.folder.exists()


def test_a_tampered_jar_is_refused(maven: Maven) -> None:
    """What is not locked is neither kept nor run; the others are kept."""
    maven.holds["b"] = "evil"
    digest = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("b", "evil")}
    with pytest.raises(errors.LocalGraphFailed) as caught:
        fetch(repository=maven)

    assert caught.value.message == (
        f"b-1.jar is not the jar that is locked: its SHA-256 is {digest['evil']}, not {digest['b']}"
    )
    kept = {path.name for path in jars.cache_folder(jars.VERSION).glob("*.jar")}
    assert kept == {"a-1.jar", "c-1.jar"}


def test_an_interrupted_fetch_goes_on(maven: Maven) -> None:
    """What is there is kept, what was cut is tried again, first at once and then the next time."""
    maven.fails = {"a": 1, "c": 4}
    with pytest.raises(errors.LocalGraphFailed) as caught:
        fetch(repository=maven)
    maven.asked.clear()
    fetch(repository=maven)

    assert caught.value.message == (
        "c-1.jar cannot be fetched (cut); try again, what is there is kept"
    )
    assert maven.asked == ["c"]


def test_a_damaged_jar_is_fetched_anew(maven: Maven) -> None:
    """A file that was cut or changed on the disk is noticed before it is run."""
    path = fetch(repository=maven)[1]
    path.write_text("")
    fetch(repository=maven)

    assert path.read_text() == "b"


def test_without_the_extra_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Neo4j of our own needs an optional package."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jgo.maven", None)

    with pytest.raises(errors.LocalGraphFailed) as caught:
        fetch()
    assert caught.value.message == (
        "A Neo4j of our own needs the extra `local`: pip install 'segraph[local]', or give the "
        "address of one with --graph"
    )


@pytest.mark.parametrize(("version", "number"), [("5.26.24", 217), ("2026.02.2", 256)])
def test_versions_are_locked_whole(version: str, number: int) -> None:
    """Each jar has a place of its own, and a SHA-256."""
    found = locked(version)

    assert len(found) == len({jar.file for jar in found}) == number
    assert {len(bytes.fromhex(jar.sha256)) for jar in found} == {32}
    assert version in {jar.version for jar in found}


def test_other_versions_are_refused() -> None:
    """Only what is locked is fetched."""
    with pytest.raises(errors.LocalGraphFailed) as caught:
        fetch("4.4.0")
    assert caught.value.message == "Neo4j 4.4.0 is not among those that can be fetched"
