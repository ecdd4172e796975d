"""What tests of the server run from npm."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING, Final

import pytest

from tests.house import tree

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = tree.ROOT / "tests" / "node"


@pytest.fixture(scope="session")
def packages() -> Path:
    """Install what the lock file names, where it is not there yet; one of two processes does."""
    installed = FOLDER / "node_modules" / ".package-lock.json"
    lock = FOLDER / "package-lock.json"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            tree.run("npm", "ci", "--prefer-offline", folder=FOLDER)
    return FOLDER
