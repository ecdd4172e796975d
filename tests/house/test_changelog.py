"""The changelog speaks to users, newest first; the version is the one that is being made."""

from __future__ import annotations

import re

from packaging.version import Version

from tests.house import tree

HEADING = re.compile(r"^## \[([^]]+)\](?: - (\d{4}-\d\d-\d\d))?$", re.MULTILINE)
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_what_is_not_released_comes_first() -> None:
    """The first section is the unreleased one, then releases with their day, newest first."""
    sections = HEADING.findall(tree.text("CHANGELOG.md"))

    assert sections[0] == ("Unreleased", "")
    released = [Version(name) for name, _ in sections[1:]]
    assert released == sorted(released, reverse=True)
    assert [name for name, day in sections[1:] if not day] == []


def test_changes_are_of_a_kind() -> None:
    """Each change stands under what it is to a user."""
    kinds = set(re.findall(r"^### (.+)$", tree.text("CHANGELOG.md"), re.MULTILINE))

    assert kinds
    assert kinds <= KINDS


def test_the_version_is_not_behind() -> None:
    """The project's version is a release of its own, not older than what the changelog tells."""
    version = Version(tree.project()["project"]["version"])
    released = [Version(name) for name, _ in HEADING.findall(tree.text("CHANGELOG.md"))[1:]]

    assert not version.is_prerelease
    assert not version.is_devrelease
    assert all(version >= each for each in released)


def test_the_licence_is_the_one_that_is_named() -> None:
    """The project is under the Apache License, Version 2.0, whose text is beside it."""
    assert tree.project()["project"]["license"] == "Apache-2.0"
    assert "Apache License\n" in tree.text("LICENSE")
    assert "Version 2.0, January 2004" in tree.text("LICENSE")
