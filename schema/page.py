"""Pages of lists."""

from __future__ import annotations

from typing import Annotated, Final

import strawberry

PAGE: Final = 20
"""The length of a page where none is asked for."""


First = Annotated[int | None, strawberry.argument(description="How many at most.")]
After = Annotated[str | None, strawberry.argument(description="The cursor to go on from.")]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = strawberry.field(description="Whether more come after it.")
    has_previous_page: bool = strawberry.field(description="Whether it was asked for by a cursor.")
    start_cursor: str | None = strawberry.field(description="The cursor of its first item.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of its last item; pass it as `after` for the next page."
    )


def page_info(cursors: list[str], *, more: bool, after: str | None) -> PageInfo:
    """Return where a page with these cursors lies."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else after,
    )


def given(first: int | None) -> int:
    """Return the length of a page; null is as absent."""
    return PAGE if first is None else first
