"""How seldom a server looks for cycles: not in what is there for long, but in the end in all."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc, weakref
from server import serving

class Kept(list): pass

def cycle():
    kept = Kept()
    kept.append(kept)
    return kept, weakref.ref(kept)

def collected():
    kept, found = cycle()
    gc.collect()
    del kept
    gc.collect()
    return found() is None

seldom = serving.collecting_seldom()
seldom.__enter__()
print(gc.get_freeze_count() > 0, collected())
kept, found = cycle()
del kept
gc.collect()
print(found() is None)
serving.LOOKED_THROUGH = -1
print(collected())
"""


def test_what_was_there_for_long_is_looked_through_once_an_hour() -> None:
    """A cycle that outlived a look stays until all is looked through; a young one does not."""
    told = subprocess.run(  # noqa: S603 - our own program, as what it sets is the process's
        [sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True
    )

    assert told.stdout.split() == ["True", "False", "True", "True"]
