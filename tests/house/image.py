"""The Dockerfile as its instructions, and .dockerignore as what it lets through."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import cast

from tests.house import tree


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of the Dockerfile, continuations joined: `COPY`, `graph graph`."""

    name: str
    words: str

    @property
    def items(self) -> tuple[str, ...]:
        """Return the words one by one, of either of the two ways to write them."""
        if self.words.startswith("["):
            return tuple(cast("list[str]", json.loads(self.words)))
        return tuple(self.words.split())


def instructions(name: str | None = None) -> tuple[Instruction, ...]:
    """Return the Dockerfile's instructions, or those of one name."""
    lines = re.sub(r"\\\n\s*", "", tree.text("Dockerfile")).splitlines()
    parts = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return tuple(Instruction(*part) for part in parts if name in {None, part[0]})


def let_through() -> frozenset[str]:
    """Return what .dockerignore, which first shuts everything out, lets in."""
    lines = [line for line in tree.text(".dockerignore").splitlines() if line[:1] not in {"", "#"}]
    assert lines[0] == "*"
    return frozenset(line[1:] for line in lines if line.startswith("!"))
