"""Webhooks, what was delivered to them, and what may become of one that is made or edited."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import strawberry

from graph import errors, webhooks
from graph.audience import check_first
from graph.cursor import cursor, position
from schema.enums import enum_of
from schema.node import Info
from schema.page import PAGE, After, First, PageInfo, given, page_info
from schema.scalars import DateTime, Long
from schema.segments import Problem, path_of

WebhookStatusEnum = enum_of(webhooks.WebhookStatus)
WebhookPackingEnum = enum_of(webhooks.WebhookPacking)


@strawberry.type(description="One attempt to deliver a message, and what came of it.")
class Delivery:
    """One attempt to deliver a message."""

    found: strawberry.Private[webhooks.Delivery]

    @strawberry.field(
        description="The header `webhook-id`: the same at each attempt at the same changes."
    )
    def message_id(self) -> str:
        """Return the id."""
        return self.found.message

    @strawberry.field(description="When it was attempted.")
    def at(self) -> DateTime:
        """Return the instant."""
        return DateTime(self.found.at)

    @strawberry.field(description="How many changes it told of; none of a test.")
    def changes(self) -> int:
        """Return the number."""
        return self.found.changes

    @strawberry.field(description="Whether it was taken, by an answer from 200 to 299.")
    def succeeded(self) -> bool:
        """Tell it."""
        return self.found.error is None

    @strawberry.field(description="The status of the answer; null where there was none.")
    def status(self) -> int | None:
        """Return the status."""
        return self.found.status

    @strawberry.field(description="Why it was not taken; null where it was.")
    def error(self) -> str | None:
        """Return the reason."""
        return self.found.error

    @strawberry.field(description="How many milliseconds the answer took.")
    def milliseconds(self) -> int:
        """Return how long it took."""
        return self.found.took


@strawberry.type(description="A delivery in a list.")
class DeliveryEdge:
    """A delivery in a list."""

    cursor: str = strawberry.field(description="Its place in the list.")
    node: Delivery = strawberry.field(description="The delivery.")


@strawberry.type(description="A page of deliveries, the newest first.")
class DeliveryConnection:
    """A page of deliveries."""

    edges: list[DeliveryEdge] = strawberry.field(description="The deliveries with their cursors.")
    nodes: list[Delivery] = strawberry.field(description="The deliveries.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description=(
        "An address that is told of changes as Standard Webhooks 1.0 has it: each at least once, "
        "in order for each contact and segment."
    )
)
class Webhook:
    """An address that is told of changes."""

    found: strawberry.Private[webhooks.Webhook]

    @strawberry.field(description="Its id, by which it is edited.")
    def id(self) -> strawberry.ID:
        """Return the id."""
        return strawberry.ID(self.found.id)

    @strawberry.field(description="Where changes are posted to.")
    def url(self) -> str:
        """Return the URL."""
        return self.found.url

    @strawberry.field(description="The keys of the segments that it hears of; null is all.")
    def segments(self) -> list[str] | None:
        """Return the keys."""
        return None if self.found.segments is None else list(self.found.segments)

    @strawberry.field(description="How changes are put into posts.")
    def packing(self) -> WebhookPackingEnum:  # pyright: ignore[reportInvalidTypeForm, reportUnknownParameterType]
        """Return the packing."""
        return self.found.packing

    @strawberry.field(description="Whether it is told of changes.")
    def status(self) -> WebhookStatusEnum:  # pyright: ignore[reportInvalidTypeForm, reportUnknownParameterType]
        """Return the status."""
        return self.found.status

    @strawberry.field(
        description="Why it is disabled, or the last attempt failed; null where nothing is wrong."
    )
    def reason(self) -> str | None:
        """Return the reason."""
        return self.found.reason

    @strawberry.field(description="When it was made.")
    def created_at(self) -> DateTime:
        """Return the instant."""
        return DateTime(self.found.created_at)

    @strawberry.field(description="The cursor up to which all changes are delivered.")
    async def cursor(self, info: Info) -> str:
        """Return the cursor."""
        return (await info.context.log_places.load(self.found.position)).cursor

    @strawberry.field(description="The number of the log up to which all changes are delivered.")
    def sequence(self) -> Long:
        """Return the number."""
        return Long(self.found.position)

    @strawberry.field(description="How many attempts at the message that is next have failed.")
    def failures(self) -> int:
        """Return the number."""
        return self.found.failures

    @strawberry.field(description="When that message is attempted again; null where none failed.")
    def next_attempt_at(self) -> DateTime | None:
        """Return the instant."""
        return None if self.found.next_attempt is None else DateTime(self.found.next_attempt)

    @strawberry.field(
        description="Until when the secret before the last rotation signs too; null where none was."
    )
    def former_secret_until(self) -> DateTime | None:
        """Return the instant."""
        return DateTime(self.found.formers[-1].until) if self.found.formers else None

    @strawberry.field(
        description=(
            "The newest attempts, the newest first: of the last 30 days, at most 50 that were "
            "taken and 150 that failed."
        )
    )
    def deliveries(
        self,
        first: First = PAGE,
        after: After = None,
        failed: Annotated[
            bool | None, strawberry.argument(description="Whether to list only those that failed.")
        ] = None,
    ) -> DeliveryConnection:
        """Return a page of them."""
        of = ["deliveries", self.found.id]
        before = None if after is None else position(of, after, [int])[0]
        length = given(first)
        check_first(length)
        listed = [
            each
            for each in reversed(self.found.deliveries)
            if (before is None or each.number < int(before)) and not (failed and each.error is None)
        ]
        edges = [
            DeliveryEdge(cursor=cursor(of, [each.number]), node=Delivery(found=each))
            for each in listed[:length]
        ]
        return DeliveryConnection(
            edges=edges,
            nodes=[each.node for each in edges],
            page_info=page_info(
                [each.cursor for each in edges], more=len(listed) > length, after=after
            ),
        )


@strawberry.type(description="A webhook in a list.")
class WebhookEdge:
    """A webhook in a list."""

    cursor: str = strawberry.field(description="Its place in the list.")
    node: Webhook = strawberry.field(description="The webhook.")


@strawberry.type(description="A page of webhooks, in the order in which they were made.")
class WebhookConnection:
    """A page of webhooks."""

    edges: list[WebhookEdge] = strawberry.field(description="The webhooks with their cursors.")
    nodes: list[Webhook] = strawberry.field(description="The webhooks.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="A webhook with its secret, which is not shown again.")
class WebhookSecret:
    """A webhook with its secret."""

    webhook: Webhook = strawberry.field(description="The webhook.")
    secret: str = strawberry.field(description="By which its receiver verifies what is posted.")


@strawberry.type(description="The webhook cannot be made, or edited, as was asked.")
class InvalidWebhook(Problem):
    """The webhook cannot be made, or edited, as was asked."""


@strawberry.type(description="There is no such webhook.")
class WebhookNotFound(Problem):
    """There is no such webhook."""


CreatedWebhook: TypeAlias = Annotated[
    WebhookSecret | InvalidWebhook,
    strawberry.union("CreatedWebhook", description="A new webhook, or why it was not made."),
]
RotatedWebhook: TypeAlias = Annotated[
    WebhookSecret | InvalidWebhook | WebhookNotFound,
    strawberry.union("RotatedWebhook", description="A webhook with a new secret, or why not."),
]
EditedWebhook: TypeAlias = Annotated[
    Webhook | InvalidWebhook | WebhookNotFound,
    strawberry.union("EditedWebhook", description="A webhook as it is then, or why it is not."),
]
TestedWebhook: TypeAlias = Annotated[
    Delivery | WebhookNotFound,
    strawberry.union("TestedWebhook", description="What came of a test, or why there was none."),
]


def webhook_page(
    found: webhooks.Webhooks, first: int | None, after: str | None
) -> WebhookConnection:
    """Return a page of webhooks.

    Raises:
        BadInput: `first` is out of range, or `after` a cursor of another list.
    """
    start = (0, "")
    if after is not None:
        at, id_ = position("webhooks", after, [int, str])
        start = (int(at), str(id_))
    length = given(first)
    check_first(length)
    listed = [each for each in found.values() if (each.created_at, each.id) > start]
    edges = [
        WebhookEdge(cursor=cursor("webhooks", [each.created_at, each.id]), node=Webhook(found=each))
        for each in listed[:length]
    ]
    return WebhookConnection(
        edges=edges,
        nodes=[each.node for each in edges],
        page_info=page_info(
            [each.cursor for each in edges], more=len(listed) > length, after=after
        ),
    )


def with_secret(found: webhooks.Webhook) -> WebhookSecret:
    """Return a webhook with its secret."""
    return WebhookSecret(webhook=Webhook(found=found), secret=found.secret)


def invalid(error: errors.BadInput) -> InvalidWebhook:
    """Return why a webhook is not made or edited."""
    return InvalidWebhook(code=error.reason, message=error.message, path=path_of(error))


def no_webhook(error: errors.WebhookNotFound) -> WebhookNotFound:
    """Return that there is no such webhook."""
    return WebhookNotFound(code=error.reason, message=error.message, path=path_of(error))
