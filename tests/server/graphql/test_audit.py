"""GraphQL over HTTP, to the letter: the audits of the specification's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.house import tree
from tests.server.conftest import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.live import Live

pytestmark = [pytest.mark.engine, pytest.mark.process]


def test_all_audits_pass(live: Live, packages: Path) -> None:
    """Each of the 61 audits of graphql-http passes against a real server over a socket."""
    passed = tree.run("node", "audit.mjs", f"{live.url}/graphql", folder=packages)

    assert passed == "61 of 61\n"


def test_the_lock_names_no_registry() -> None:
    """The lock file holds names, versions and hashes, and no addresses packages come from."""
    lock = (FOLDER / "package-lock.json").read_text()

    assert '"integrity"' in lock
    assert '"resolved"' not in lock
