"""The driver of Neo4j, without the packages for tables that it would load.

Where numpy, pandas or pyarrow are installed it loads them, to know their types: seconds of each
command, and 85 MiB of each process. Nothing here gives it a table, or asks it for one.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from types import ModuleType

_TABLES: Final = ("numpy", "pandas", "pyarrow")


@contextlib.contextmanager
def _hidden(packages: Iterable[str]) -> Generator[None]:
    """Have the block not find packages that nobody has loaded before."""
    unloaded = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(unloaded, cast("ModuleType", None)))
    try:
        yield
    finally:
        for name in unloaded:
            del sys.modules[name]


with _hidden(_TABLES):
    import neo4j
    from neo4j import exceptions, spatial, time

__all__ = ["exceptions", "neo4j", "spatial", "time"]
