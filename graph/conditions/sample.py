"""`sample`: a stable part of all contacts, drawn by a salt."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph import errors, values
from graph.conditions import words
from graph.conditions.base import Condition, Evidence
from graph.cypher.nodes import Leaf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject

MODULUS: Final = 2**31 - 1
"""The prime of the hash family that is drawn by."""

_ALL: Final = 100


@dataclass(frozen=True, slots=True)
class Sample(Condition):
    """The contact is in a part of all, the same one each time for the same salt.

    Contacts are drawn by `(a·h + b) mod p < percent / 100 · p`, where p is the prime 2³¹ - 1, h a
    hash of the key, a and b hashes of the salt: universal hashing after Carter and Wegman (1979).

    Attributes:
        percent: How large the part is, from 0 to 100.
        salt: Samples of different salts are independent of one another.
    """

    percent: float
    salt: str

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= _ALL:
            raise errors.BadInput(
                f"percent is from 0 to 100, not {words.number(self.percent)}", "percent"
            )
        with errors.under("salt"):
            values.name(self.salt, "salt")

    def holds(self, subject: Subject, t: int) -> bool:
        """Draw by the contact's key."""
        del t
        factor, shift = self._drawn()
        return (factor * place(subject.key) + shift) % MODULUS < self._limit()

    def edges(self, subject: Subject, t: int) -> Iterable[int]:
        """Return none: time alone does not turn it."""
        del subject, t
        return ()

    def predicate(self, scope: Scope) -> Predicate:
        """Draw by the hash that lies on the contact."""
        del scope
        factor, shift = self._drawn()
        return Leaf(
            "(contact._hash * $factor + $shift) % $modulus < $limit",
            {"factor": factor, "shift": shift, "modulus": MODULUS, "limit": self._limit()},
        )

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show where in the draw the contact is."""
        del t, by_time
        factor, shift = self._drawn()
        drawn = (factor * place(subject.key) + shift) % MODULUS / MODULUS * _ALL
        return Evidence(
            round(drawn, 6),
            f"less than {words.number(self.percent)}",
            "nothing: a contact is drawn once for all",
        )

    def _drawn(self) -> tuple[int, int]:
        return 1 + hashed(self.salt, 0) % (MODULUS - 1), hashed(self.salt, 1) % MODULUS

    def _limit(self) -> int:
        return math.floor(self.percent / _ALL * MODULUS)

    def text(self) -> str:
        """Return `is in the 10 % sample “june”`."""
        return f"is in the {words.number(self.percent)} % sample {words.quoted(self.salt)}"

    def untrue(self) -> str:
        """Return `is not in the 10 % sample “june”`."""
        return self.text().replace("is in", "is not in", 1)


def hashed(text: str, part: int) -> int:
    """Return the part-th 8 bytes of the SHA-256 of a text, as a whole number."""
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[part * 8 : part * 8 + 8], "big")


def place(key: str) -> int:
    """Return a contact's place, which is kept on its node."""
    return hashed(key, 0) % MODULUS
