"""`engaged`: met several contents of a topic cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors, values
from graph.conditions import words
from graph.conditions.about import AboutContent
from graph.conditions.did import Did
from graph.conditions.distinct import DistinctThing
from graph.conditions.rewritten import Rewritten
from graph.conditions.window import Window

if TYPE_CHECKING:
    from graph.conditions.base import Condition

ENGAGEMENT = (
    "Page Viewed",
    "Content Viewed",
    "Content Clicked",
    "Content Downloaded",
    "Email Opened",
    "Email Link Clicked",
)
"""The kinds of events that count where none are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engaged(Rewritten):
    """The contact met several different contents in a topic or any below it.

    Attributes:
        topic: The key of the topic; all below it belong to its cluster.
        contents: The least number of different contents.
        with_: The kinds of events that count; views, clicks, downloads and opens where absent.
        within: When; any time up to now where absent.
    """

    topic: str
    contents: int = 1
    with_: tuple[str, ...] | None = None
    within: Window | None = None

    def __post_init__(self) -> None:
        with errors.under("topic"):
            values.name(self.topic, "key of a topic", values.KEY_LIMIT)
        if self.contents < 1:
            raise errors.BadInput(
                f"contents is 1 or more, not {self.contents}: leave it out for 1", "contents"
            )
        for index, name in enumerate(self.with_ or ()):
            with errors.under("with", index):
                values.name(name, "name of an event")

    def plain(self) -> Condition:
        """Return it in terms of `did`."""
        return Did(
            events=self.with_ or ENGAGEMENT,
            about=AboutContent(topic=self.topic),
            within=self.within,
            at_least=self.contents,
            distinct=DistinctThing(chosen=True),
        )

    def text(self) -> str:
        """Return `engaged with at least 3 pieces of content in topic “pricing”`."""
        return f"engaged with {self._object()}"

    def untrue(self) -> str:
        """Return `did not engage with content in topic “pricing”`."""
        return f"did not engage with {self._object()}"

    def _object(self) -> str:
        pieces = "" if self.contents == 1 else f"at least {self.contents} different pieces of "
        names = [words.quoted(name) for name in self.with_ or ()]
        parts = [
            f"{pieces}content in topic {words.quoted(self.topic)}",
            f"(by {words.joined(names, 'or')})" if names else "",
            self.within.text() if self.within else "",
        ]
        return " ".join(part for part in parts if part)
