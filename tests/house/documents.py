"""The fenced blocks of the project's documents, and the commands in them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from tests.house import tree

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/importing.md",
    "docs/integrations/frontend.md",
    "docs/integrations/python-consumer.md",
    "docs/integrations/webhooks.md",
    "docs/language.md",
    "docs/operating.md",
    "docs/segments.md",
    "docs/subscriptions.md",
)

# A block that is a file says before it which.
_FILE = re.compile(r"This is `([\w.-]+)`[^`]*:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it begins, its language, its text."""

    place: str
    language: str
    text: str


def blocks(document: str) -> tuple[Block, ...]:
    """Return the document's fenced blocks in their order."""
    text = tree.text(document)
    return tuple(
        Block(f"{document}:{text.count(chr(10), 0, found.start()) + 1}", found[1], found[2])
        for found in _FENCE.finditer(text)
    )


def files(document: str) -> dict[str, str]:
    """Return the text of each fenced block that is a file, by its name."""
    return dict(_FILE.findall(tree.text(document)))


def commands(document: str) -> tuple[tuple[str, ...], ...]:
    """Return the commands of the document's `sh` blocks, each as its words."""
    lines = [
        line
        for block in blocks(document)
        if block.language == "sh"
        for line in re.sub(r"\\\n\s*", "", block.text).splitlines()
    ]
    found = [shlex.split(line, comments=True) for line in lines]
    return tuple(tuple(words) for words in found if words)
