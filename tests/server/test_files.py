"""The limit of open files is raised, as far as it may be."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.house import tree

TRIED = """
import json, logging, resource, sys
logging.basicConfig(format="%(message)s")
from server.files import raise_limit
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[2])))
print(json.dumps([raise_limit(300), *resource.getrlimit(resource.RLIMIT_NOFILE)]))
"""


@pytest.mark.process
@pytest.mark.parametrize(
    ("soft", "hard", "after", "told"),
    [(100, 400, 300, False), (100, 200, 200, True), (400, 500, 400, False)],
    ids=["raised", "as far as it may be", "high enough"],
)
def test_the_limit_is_raised(soft: int, hard: int, after: int, told: bool) -> None:  # noqa: FBT001 - whether it warns
    """What cannot be raised far enough is told, with the way out."""
    ended = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", TRIED, str(soft), str(hard)],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(ended.stdout) == [min(after, 300), after, hard]
    assert ("files can be open at once" in ended.stderr) is told
