"""The driver comes without what it would load only to know its types."""

from __future__ import annotations

import sys

import pytest

from tests.house import tree

pytestmark = pytest.mark.process

# All that a server loads; then what there is for tables can be had as ever.
LOADED = """
import sys
import server.serving
print(sorted({"numpy", "pandas", "pyarrow"} & sys.modules.keys()))
import pandas, pyarrow
print(pandas.DataFrame({"one": [1]}).shape)
"""


def test_a_server_loads_nothing_for_tables() -> None:
    """Packages for tables are installed here, and take as long to load as all the rest."""
    told = tree.run(sys.executable, "-c", LOADED, folder=tree.ROOT)

    assert told.splitlines() == ["[]", "(1, 1)"]
