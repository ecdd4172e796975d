"""What one may ask and tell of webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from graph import errors, times, webhooks
from graph.webhooks import Removed, Turned, WebhookPacking, WebhookStatus
from schema.node import Info
from schema.page import PAGE, After, First
from schema.scalars import Duration
from schema.webhooks import (
    CreatedWebhook,
    Delivery,
    EditedWebhook,
    InvalidWebhook,
    RotatedWebhook,
    TestedWebhook,
    Webhook,
    WebhookConnection,
    WebhookNotFound,
    WebhookPackingEnum,
    invalid,
    no_webhook,
    webhook_page,
    with_secret,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable

_ID = strawberry.argument(description="The webhook's id.")
_SECRET = strawberry.argument(
    description="`whsec_` and 24 to 64 bytes in base64; where absent, one is made."
)


@strawberry.type
class WebhookQuery:
    """What one may ask of webhooks."""

    @strawberry.field(description="The webhooks, in the order in which they were made.")
    async def webhooks(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
    ) -> WebhookConnection:
        """Return a page of webhooks."""
        return webhook_page(await info.context.segmentation.endpoints.all(), first, after)

    @strawberry.field(description="A webhook by its id; null where there is none.")
    async def webhook(self, info: Info, id: Annotated[strawberry.ID, _ID]) -> Webhook | None:  # noqa: A002 - the API's name
        """Return a webhook."""
        found = (await info.context.segmentation.endpoints.all()).get(id)
        return None if found is None else Webhook(found=found)


@strawberry.type
class WebhookMutation:
    """What one may tell of webhooks."""

    @strawberry.mutation(
        description=(
            "Let an address hear of changes from now on; the answer alone shows the secret by "
            "which its receiver verifies them."
        )
    )
    async def create_webhook(
        self,
        info: Info,
        url: Annotated[
            str, strawberry.argument(description="Where to post: https, and a public address.")
        ],
        segments: Annotated[
            list[str] | None,
            strawberry.argument(description="The keys of segments to hear of; all where absent."),
        ] = None,
        secret: Annotated[str | None, _SECRET] = None,
        packing: Annotated[  # pyright: ignore[reportUnknownParameterType]
            WebhookPackingEnum,  # pyright: ignore[reportInvalidTypeForm]
            strawberry.argument(description="How changes are put into posts."),
        ] = WebhookPacking.COALESCED,
    ) -> CreatedWebhook:
        """Make a webhook."""
        try:
            return with_secret(
                await info.context.webhooks.create(url, segments, packing, secret)  # pyright: ignore[reportUnknownArgumentType]
            )
        except errors.BadInput as error:
            return invalid(error)

    @strawberry.mutation(
        description="Give a webhook another secret; for a time the one before signs as well."
    )
    async def rotate_webhook_secret(
        self,
        info: Info,
        id: Annotated[strawberry.ID, _ID],  # noqa: A002 - the API's name
        secret: Annotated[str | None, _SECRET] = None,
        grace: Annotated[
            Duration | None,
            strawberry.argument(
                description="For how long the one before signs as well; a day, and PT0S not at all."
            ),
        ] = None,
    ) -> RotatedWebhook:
        """Rotate a secret."""
        try:
            with errors.under("grace"):
                length = times.DAY if grace is None else times.read_duration(grace, least=0)
            return with_secret(await info.context.webhooks.rotate(id, secret, length))
        except errors.WebhookNotFound as error:
            return no_webhook(error)
        except errors.BadInput as error:
            return invalid(error)

    @strawberry.mutation(
        description="Let a webhook wait; what happens meanwhile is delivered once it is resumed."
    )
    async def pause_webhook(
        self,
        info: Info,
        id: Annotated[strawberry.ID, _ID],  # noqa: A002 - the API's name
    ) -> EditedWebhook:
        """Pause a webhook."""
        return await _edited(
            info.context.segmentation.endpoints.tell(Turned(id, WebhookStatus.PAUSED))
        )

    @strawberry.mutation(
        description=(
            "Let a webhook go on where it was, at once: one that is paused or disabled, or waits "
            "to be tried again."
        )
    )
    async def resume_webhook(
        self,
        info: Info,
        id: Annotated[strawberry.ID, _ID],  # noqa: A002 - the API's name
    ) -> EditedWebhook:
        """Resume a webhook."""
        return await _edited(
            info.context.segmentation.endpoints.tell(Turned(id, WebhookStatus.ACTIVE))
        )

    @strawberry.mutation(description="Delete a webhook: nothing more is posted to it.")
    async def delete_webhook(
        self,
        info: Info,
        id: Annotated[strawberry.ID, _ID],  # noqa: A002 - the API's name
    ) -> EditedWebhook:
        """Delete a webhook."""
        return await _edited(info.context.segmentation.endpoints.tell(Removed(id)))

    @strawberry.mutation(
        description=(
            "Deliver anew all changes after a cursor, each by the sequence that it had; they may "
            "be put together otherwise than before."
        )
    )
    async def replay_webhook(
        self,
        info: Info,
        id: Annotated[strawberry.ID, _ID],  # noqa: A002 - the API's name
        after: Annotated[
            str | None,
            strawberry.argument(
                description="The cursor of a change; all that are kept where absent."
            ),
        ] = None,
    ) -> EditedWebhook:
        """Replay changes to a webhook."""
        return await _edited(info.context.segmentation.endpoints.replay(id, after))

    @strawberry.mutation(
        description="Post a message of type `webhook.test` at once, and say what came of it."
    )
    async def test_webhook(
        self,
        info: Info,
        id: Annotated[strawberry.ID, _ID],  # noqa: A002 - the API's name
    ) -> TestedWebhook:
        """Try a webhook."""
        try:
            return Delivery(found=await info.context.webhooks.test(id))
        except errors.WebhookNotFound as error:
            return no_webhook(error)


async def _edited(edit: Awaitable[webhooks.Webhook]) -> Webhook | InvalidWebhook | WebhookNotFound:
    try:
        return Webhook(found=await edit)
    except errors.WebhookNotFound as error:
        return no_webhook(error)
    except errors.BadInput as error:
        return invalid(error)
