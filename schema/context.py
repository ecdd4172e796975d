"""What the parts of one operation share: the graph, and loaders that ask it once for many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

from strawberry.dataloader import DataLoader

from graph.place import LogPlace, log_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.reading import Reading
    from graph.roster import Stay
    from graph.segmentation import Segmentation
    from graph.subject import Account
    from graph.vocabulary import Label, Place
    from graph.webhooks import Delivery, Webhook, WebhookPacking


class Webhooks(Protocol):
    """What posts to others do: the front door's."""

    async def create(
        self, url: str, segments: Sequence[str] | None, packing: WebhookPacking, secret: str | None
    ) -> Webhook:
        """Return a new webhook, once its URL is one that is posted to."""
        ...

    async def rotate(self, id_: str, secret: str | None, grace: int) -> Webhook:
        """Give a webhook another secret; the one before signs as well for some milliseconds."""
        ...

    async def test(self, id_: str) -> Delivery:
        """Post to a webhook, and return what came of it."""
        ...


class Context:
    """Made anew for each operation."""

    def __init__(self, segmentation: Segmentation, webhooks: Webhooks) -> None:
        self.segmentation = segmentation
        self.webhooks = webhooks
        self.reading: Reading = segmentation.look()

    @cached_property
    def accounts(self) -> DataLoader[str, list[Account]]:
        """The accounts of contacts."""
        return DataLoader(self.reading.accounts)

    @cached_property
    def ends(self) -> DataLoader[Stay, int | None]:
        """When contacts leave segments that they are in, if nothing happens."""
        return DataLoader(self.reading.ends)

    @cached_property
    def log_places(self) -> DataLoader[int, LogPlace]:
        """The places in the log after changes of some numbers."""
        return DataLoader(partial(log_places, self.segmentation.database))

    @cached_property
    def topics(self) -> DataLoader[str, list[Place]]:
        """The topics of contents."""
        return DataLoader(partial(self.reading.places_of, "Topic"))

    @cached_property
    def categories(self) -> DataLoader[str, list[Place]]:
        """The category of products, in a list."""
        return DataLoader(partial(self.reading.places_of, "Category"))

    @cached_property
    def things(self) -> DataLoader[tuple[Label, str], int]:
        """How many things are in topics and categories, or below."""
        return DataLoader(self.reading.things_in)


class Phase(Enum):
    """What of a subscription is executed."""

    OPENING = auto()
    """What comes before those who listen alike hear the same: members, what was missed."""
    LIVE = auto()
    """All changes after a number of the log, whoever listens to them."""
    LAGGING = auto()
    """That one was too slow."""


@dataclass(slots=True)
class Stream:
    """Where a subscription is in the log: told to its resolver, and by it.

    Attributes:
        phase: What is executed.
        opened: Joins those who listen alike, and returns the number of the log up to which is
            opened; the resolver awaits it once its arguments are checked.
        after: The cursor by which a client came back, stronger than the argument.
        at: The number of the log that is heard up to, once there is one.
        place: The place in the log that is heard up to with what is told next.
        page: Whether what was heard last is but a part of the members at a number.
        quiet: Whether a change was left out, as it was not announced, that is needed.
        ended: Whether nothing more comes.
        failed: Whether that is because it cannot be told.
    """

    phase: Phase
    opened: Callable[[], Awaitable[int]]
    after: str | None = None
    at: int | None = None
    place: LogPlace | None = None
    page: bool = False
    quiet: bool = False
    ended: bool = False
    failed: bool = False


class Listening(Context):
    """Of a subscription: renewed for each event, so that nothing stale is shown."""

    def __init__(self, segmentation: Segmentation, webhooks: Webhooks, stream: Stream) -> None:
        super().__init__(segmentation, webhooks)
        # Of no one state of the graph: what is heard is of its own commit.
        self.reading: Reading = segmentation
        self.stream = stream

    def __call__(self) -> Context:
        """Return the context of a query or mutation that was asked for as a stream."""
        return Context(self.segmentation, self.webhooks)

    def renew(self) -> None:
        """Forget all that was loaded."""
        for loader in ("accounts", "ends", "topics", "categories"):
            self.__dict__.pop(loader, None)
