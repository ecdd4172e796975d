"""What the parts of one operation share: the graph, and loaders that ask it once for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strawberry.dataloader import DataLoader

if TYPE_CHECKING:
    from graph.segmentation import Segmentation
    from graph.subject import Account
    from graph.vocabulary import Place


class Context:
    """Made anew for each operation."""

    def __init__(self, segmentation: Segmentation) -> None:
        self.segmentation = segmentation
        self.accounts: DataLoader[str, list[Account]] = DataLoader(segmentation.accounts)
        self.topics: DataLoader[str, list[Place]] = DataLoader(segmentation.topics_of)
        self.categories: DataLoader[str, list[Place]] = DataLoader(segmentation.categories_of)
