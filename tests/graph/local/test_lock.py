"""A lock file is a line a jar, in order, with its coordinates and its SHA-256."""

from __future__ import annotations

from graph.local.lock import lock_file


def test_a_lock_file() -> None:
    """Poms are left out; a classifier is the last of the coordinates."""
    jar = {"groupId": "org.x", "artifactId": "b", "version": "1", "packaging": "jar"}
    found = {
        "dependencies": [
            jar | {"sha256": "2", "classifier": "linux"},
            jar | {"sha256": "3", "artifactId": "bom", "packaging": "pom"},
            jar | {"sha256": "1", "artifactId": "a"},
        ]
    }

    assert lock_file(found) == "org.x:a:1 1\norg.x:b:1:linux 2\n"
