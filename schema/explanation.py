"""Why a contact meets a condition, or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import strawberry

from graph import explain, values
from graph.audience import check_first
from schema.events import Event, event
from schema.page import First
from schema.scalars import DateTime, Value

if TYPE_CHECKING:
    from graph.values import Stored

EVIDENCE = 10
"""How many events, or keys of others, are shown where no number is asked for."""


@strawberry.type(description="A condition in an explanation: its verdict, and what makes it so.")
class ExplanationNode:
    """A condition in an explanation."""

    whole: strawberry.Private[explain.Explanation]
    node: strawberry.Private[explain.Explained]

    @strawberry.field(description="The condition in English, as said of the contact.")
    def text(self) -> str:
        """Return the text."""
        return self.node.text

    @strawberry.field(description="Whether it is so.")
    def holds(self) -> bool:
        """Return the verdict."""
        return self.node.holds

    @strawberry.field(
        description="The verdict changes then if nothing happens; null: never by itself, or not as "
        "far as is looked ahead, which `note` tells."
    )
    def changes_at(self) -> DateTime | None:
        """Return when it turns."""
        return _instant(self.node.changes_at)

    @strawberry.field(description="What was found, to be compared with what is asked.")
    def found(self) -> Value | None:
        """Return what was found."""
        found = self.node.evidence.found
        return None if found is None else Value(values.to_json(cast("Stored", found)))

    @strawberry.field(description="What is asked, such as `at least 3 times`.")
    def asked(self) -> str | None:
        """Return what is asked."""
        return self.node.evidence.asked

    @strawberry.field(description="In words, what would turn the verdict.")
    def to_flip(self) -> str | None:
        """Return what would turn it."""
        return self.node.evidence.to_flip

    @strawberry.field(
        description=(
            "Events that do not count here, and why; of things that are to be popular, which have "
            "too few others; null where there are none."
        )
    )
    def note(self) -> str | None:
        """Return what else there is to know."""
        return self.node.note

    @strawberry.field(
        description="The very events that made it so, in order of time; the newest of many."
    )
    def evidence(
        self,
        first: First = EVIDENCE,
    ) -> list[Event]:
        """Return the events."""
        number = EVIDENCE if first is None else first
        check_first(number)
        return [event(each) for each in self.whole.events(self.node, number)]

    @strawberry.field(
        description="The keys of other contacts who made it so, where it looks past this one."
    )
    def others(
        self,
        first: First = EVIDENCE,
    ) -> list[str]:
        """Return the keys."""
        number = EVIDENCE if first is None else first
        check_first(number)
        return list(self.node.evidence.others[:number])

    @strawberry.field(description="The conditions in it.")
    def children(self) -> list[ExplanationNode]:
        """Return the nodes below."""
        return [ExplanationNode(whole=self.whole, node=each) for each in self.node.children]


@strawberry.type(description="Why a contact meets a condition at an instant, or does not.")
class Explanation:
    """Why a contact meets a condition, or does not."""

    found: strawberry.Private[explain.Explanation]

    @strawberry.field(description="Whether the contact meets it.")
    def holds(self) -> bool:
        """Return the verdict."""
        return self.found.tree.holds

    @strawberry.field(
        description=(
            "The instant up to which everything that arrived and fell due is in this answer."
        )
    )
    def as_of(self) -> DateTime:
        """Return the instant."""
        return DateTime(self.found.as_of)

    @strawberry.field(description="The verdict as one English sentence.")
    def text(self) -> str:
        """Return the sentence."""
        return self.found.text

    @strawberry.field(
        description="The verdict changes then if nothing happens; null: never by itself, or not as "
        "far as is looked ahead, which the note of `tree` tells."
    )
    def changes_at(self) -> DateTime | None:
        """Return when it turns."""
        return _instant(self.found.tree.changes_at)

    @strawberry.field(description="The condition and those in it, each with its verdict.")
    def tree(self) -> ExplanationNode:
        """Return the outermost node."""
        return ExplanationNode(whole=self.found, node=self.found.tree)


def _instant(at: int | None) -> DateTime | None:
    return None if at is None else DateTime(at)
