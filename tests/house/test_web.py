"""The built page is that of the sources beside it, of packages that are known by their hash."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, cast

from tests.house import tree


def test_the_page_is_built_from_its_sources() -> None:
    """What web/ holds is what server/web was built from; after a change, `make web` builds it."""
    hashed = hashlib.sha256()
    for name in tree.files():
        if name.startswith("web/"):
            content = (tree.ROOT / name).read_bytes()
            hashed.update(f"{name.removeprefix('web/')} {len(content)}\n".encode() + content)

    assert tree.text("server/web/sources.sha256").strip() == hashed.hexdigest()


def test_packages_of_the_page_are_of_one_version() -> None:
    """What the page is made of is named by version, not by range."""
    package = cast("dict[str, Any]", json.loads(tree.text("web/package.json")))
    named = package["dependencies"] | package["devDependencies"]

    assert {name: at for name, at in named.items() if not re.fullmatch(r"\d+\.\d+\.\d+", at)} == {}


def test_the_page_s_lock_names_hashes_and_no_place() -> None:
    """Each package is known by its hash; where it comes from is the machine's to say."""
    locked = cast("dict[str, Any]", json.loads(tree.text("web/package-lock.json")))["packages"]

    packages = [package for name, package in locked.items() if name]
    assert packages
    assert [package for package in packages if "integrity" not in package] == []
    assert [package["resolved"] for package in packages if "resolved" in package] == []


def test_the_page_s_packages_are_named_with_their_licences() -> None:
    """Whoever gets the page gets the licences of what is in it."""
    told = tree.text("server/web/licences.md")

    assert "## graphiql - " in told
    assert "## react - " in told
    assert "## monaco-editor - " in told
