"""What the parts of one operation share: the graph, and loaders that ask it once for many."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from strawberry.dataloader import DataLoader

if TYPE_CHECKING:
    from graph.roster import Stay
    from graph.segmentation import Segmentation
    from graph.subject import Account
    from graph.vocabulary import Place


class Context:
    """Made anew for each operation."""

    def __init__(self, segmentation: Segmentation) -> None:
        self.segmentation = segmentation
        self.reading = segmentation.look()

    @cached_property
    def accounts(self) -> DataLoader[str, list[Account]]:
        """The accounts of contacts."""
        return DataLoader(self.reading.accounts)

    @cached_property
    def ends(self) -> DataLoader[Stay, int | None]:
        """When contacts leave segments that they are in, if nothing happens."""
        return DataLoader(self.reading.ends)

    @cached_property
    def topics(self) -> DataLoader[str, list[Place]]:
        """The topics of contents."""
        return DataLoader(self.reading.topics_of)

    @cached_property
    def categories(self) -> DataLoader[str, list[Place]]:
        """The category of products, in a list."""
        return DataLoader(self.reading.categories_of)
