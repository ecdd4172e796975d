"""Names and keys that conditions hold: refused where nothing in the graph can have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph import errors, values

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_name(name: str, what: str, *path: str) -> None:
    """Refuse a name that no property or trait can have, at a path."""
    with errors.under(*path):
        values.name(name, f"name of a {what}")
    if name.startswith("_"):
        raise errors.BadInput(
            f"Names that begin with _ are the graph's own; {errors.shown(name)} is no {what}", *path
        )


def check_keys(keys: Sequence[str] | None, what: str) -> None:
    """Refuse keys that no thing can have, each at its place in `keys`."""
    for index, key in enumerate(keys or ()):
        check_key(key, what, "keys", index)


def check_key(key: str | None, what: str, *path: str | int) -> None:
    """Refuse a key that nothing can have, at a path; None is none."""
    if key is not None:
        with errors.under(*path):
            values.name(key, f"key of a {what}", values.KEY_LIMIT)
