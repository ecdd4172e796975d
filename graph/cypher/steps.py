"""How many meet each part of what is joined, and all of it if it ended there.

With everything after a part left out, the whole is `before AND part OR otherwise`: of an `all`
those before must hold too, of an `any` one of them is enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.cypher.queries import Joined


@dataclass(frozen=True, slots=True)
class _Around:
    """What must hold beside a part, and what holds instead of it; an empty text is nothing."""

    before: str = ""
    otherwise: str = ""

    def whole(self, part: str) -> str:
        """Return when all holds that ends with a part."""
        both = f"({self.before} AND {part})" if self.before else part
        return f"({both} OR {self.otherwise})" if self.otherwise else both

    def after(self, first: int, place: int, *, every: bool) -> _Around:
        """Return what stands around a part after others, from the first to just before it."""
        if first == place:
            return self
        word = "all" if every else "any"
        those = f"{word}(place IN range({first}, {place - 1}) WHERE part[place])"
        if not every:
            return replace(self, otherwise=self.whole(those))
        return replace(self, before=f"({self.before} AND {those})" if self.before else those)


@dataclass(slots=True)
class _Told:
    """The verdict on each part by its place, parts that are joined side by side; and the steps."""

    verdicts: list[str] = field(default_factory=list[str])
    counts: list[str] = field(default_factory=list[str])
    running: list[str] = field(default_factory=list[str])

    def tell(self, joined: Joined, around: _Around) -> None:
        """Tell of each part and of those in it."""
        first = len(self.verdicts)
        self.verdicts += map(_verdict, joined.parts)
        for place, part in enumerate(joined.parts, first):
            here = around.after(first, place, every=joined.every)
            self.counts.append(_counted(f"part[{place}]"))
            self.running.append(_counted(here.whole(f"part[{place}]")))
            if not isinstance(part, int):
                self.tell(part, here)


def steps(joined: Joined) -> list[str]:
    """Return what counts each step of contacts with `met`, the list of their verdicts on tests."""
    told = _Told()
    told.tell(joined, _Around())
    return [
        f"WITH [{', '.join(told.verdicts)}] AS part",
        "RETURN count(*) AS everybody,",
        f"  [{', '.join(told.counts)}] AS counts,",
        f"  [{', '.join(told.running)}] AS running",
    ]


def _verdict(part: int | Joined) -> str:
    if isinstance(part, int):
        return f"met[{part}]"
    return f"({(' AND ' if part.every else ' OR ').join(map(_verdict, part.parts))})"


def _counted(test: str) -> str:
    return f"count(CASE WHEN {test} THEN 1 END)"
