"""The relationship type of a kind of event, made from its name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from graph import model

if TYPE_CHECKING:
    from collections.abc import Container

_LONGEST: Final = 100


def type_of(name: str, taken: Container[str]) -> str:
    """Return a type of letters, digits and `_` that is neither ours nor taken.

    `Page Viewed` becomes `PAGE_VIEWED`; where another kind has that, `PAGE_VIEWED_2`.
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Z0-9]+", ascii_name.upper())
    plain = "_".join(words)[:_LONGEST].strip("_") or "EVENT"
    if plain[0].isdigit():
        plain = f"EVENT_{plain}"
    made, number = plain, 1
    while made in model.OWN_TYPES or made in taken:
        number += 1
        made = f"{plain}_{number}"
    return made
