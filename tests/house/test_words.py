"""The project speaks of itself alone, and of what it is, not of what it may become."""

from __future__ import annotations

import re

import pytest

from tests.house import tree

# A class of one letter, and a sample in parts, keep this file from naming what it forbids.
WORDS = {
    "open-end": (r"\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b", ("FIX", "ME: later")),
    "machine-path": (r"/(?:wor[k]|roo[t]|User[s]|hom[e]/(?!segraph\b)\w+)/", ("in /wor", "k/main")),
    "neighbour-folder": (r"\.\./share[d]", ("see ../sha", "red/x.md")),
    "work-item": (r"(?i)\bissu[e] #?\d+\b|\bP[R] #\d+\b", ("issue", " 12")),
    "author": (
        r"(?i)\bsub-?agen[t]s?\b|\b(?:coding|A[I]) agen[t]s?\b|\blanguage mode[l]s?\b|\bclaud[e]\b",
        ("the coding ag", "ent"),
    ),
    "registry": (
        r"(?:pypi|pythonhosted|maven)[.]org|npmjs[.]\w+|repo[.]maven|deb[.]debian|crates[.]io",
        ("https://pypi.", "org/simple"),
    ),
}


@pytest.mark.parametrize(("pattern", "sample"), WORDS.values(), ids=WORDS)
def test_no_such_word(pattern: str, sample: tuple[str, ...]) -> None:
    """No file of the project holds such a word; built pages are others' words and not read."""
    banned = re.compile(pattern)
    read = [name for name in tree.files() if not name.startswith(tree.BUILT)]

    found = [
        f"{name}:{number}: {hit[0]}"
        for name in read
        for number, line in enumerate(tree.text(name).splitlines(), 1)
        if (hit := banned.search(line))
    ]

    assert banned.search("".join(sample))
    assert found == []
