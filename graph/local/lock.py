"""Write the lock file of a Neo4j's jars: `python -m graph.local.lock 2026.02.2`."""

from __future__ import annotations

import sys
import tempfile
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping


def resolved(version: str) -> Mapping[str, Any]:
    """Return what a version needs, as the resolver's own lock file tells it."""
    endpoint = f"org.neo4j.app:neo4j-server:{version}+org.neo4j:neo4j:{version}"
    with tempfile.TemporaryDirectory() as folder:
        jgo: Any = import_module("jgo")
        environment = jgo.build(endpoint, cache_dir=Path(folder))
        return tomllib.loads(environment.lock_path.read_text())


def lock_file(found: Mapping[str, Any]) -> str:
    """Return a line a jar: its coordinates and its SHA-256."""
    jars = [each for each in found["dependencies"] if each["packaging"] == "jar"]
    return "".join(sorted(f"{_coordinates(jar)} {jar['sha256']}\n" for jar in jars))


def _coordinates(jar: Mapping[str, Any]) -> str:
    parts = [jar[name] for name in ("groupId", "artifactId", "version")]
    return ":".join(cast("list[str]", [*parts, *filter(None, [jar.get("classifier")])]))


def main(version: str) -> None:
    """Write the lock file of a version beside the others."""
    file = Path(__file__).with_name(f"neo4j-{version}.lock")
    file.write_text(lock_file(resolved(version)))


if __name__ == "__main__":
    main(sys.argv[1])
