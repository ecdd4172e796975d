"""Durations that look like slips of the pen, and traits that are not set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph import times
from graph.conditions import shape, words
from graph.conditions.comparison import Ne, NotIn
from graph.conditions.regular import Rolling
from graph.conditions.resumed import Resumed
from graph.conditions.rfm import Rfm
from graph.conditions.steps import Step
from graph.conditions.stopped import Stopped
from graph.conditions.trait import DERIVED, TraitIs
from graph.conditions.window import OfFirst, Since, Span
from graph.warnings.parts import fields, of_account
from graph.warnings.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.errors import Path
    from graph.warnings.names import Names

_LONG: Final = 20 * 366 * times.DAY
_MINUTES: Final = frozenset({5, 10, 15, 20, 45})
"""Numbers of minutes that are asked for often, and are meant."""
_DAYS: Final = frozenset({14, 90, 365})
"""Numbers of minutes that are meant nowhere, and as days are usual; 60 and 180 are whole hours."""
_OF_DAYS: Final = (Resumed, Rfm, Rolling, Stopped)
"""What is asked for in days: no number of minutes is usual there."""
_USUAL: Final = (Step, OfFirst)
"""What is often asked for within minutes of something else."""


def slips(part: object, path: Path) -> Iterator[Suspicion]:
    """Yield durations of minutes where days are usual, and those that are as good as for ever."""
    for field, where, length in fields(part, path):
        if field.hint is not shape.Duration or not isinstance(length, int):
            continue
        if _too_short(part, length):
            yield _short(length, where)
        elif length > _LONG:
            yield Suspicion(
                "LIKELY_SLIP",
                f"{times.duration_text(length)} is more than {length // (365 * times.DAY)} years",
                where,
                "Leave the window out where any time is meant",
            )


def idle(part: object, path: Path) -> Iterator[Suspicion]:
    """Yield options of `rfm` that say nothing beside what else is given."""
    if not isinstance(part, Rfm):
        return
    if part.within is not None and part.frequency_at_least is None and part.money_at_least is None:
        yield Suspicion(
            "NO_EFFECT",
            "`within` does nothing here: `recentWithin` looks at the newest event ever",
            (*path, "within"),
            "Drop it, or ask for `frequencyAtLeast` or `moneyAtLeast`, which it bounds",
        )
    if part.of is not None and part.money_at_least is None:
        yield Suspicion(
            "NO_EFFECT",
            "`of` does nothing here: no `moneyAtLeast` asks for its sum",
            (*path, "of"),
            "Drop it, or say by `moneyAtLeast` how much it must come to",
        )


def ahead(part: object, path: Path, t: int) -> Iterator[Suspicion]:
    """Yield windows that have not begun at t."""
    match part:
        case Since(instant=begins) if begins > t:
            where = path
        case Span(from_=begins) if begins > t:
            where = (*path, "from")
        case _:
            return
    message = f"Nothing has happened yet from {words.instant(begins)} on: that lies ahead"
    yield Suspicion("WINDOW_AHEAD", message, where, "Look at the year, or wait until then")


def _too_short(part: object, length: int) -> bool:
    """Tell whether more was meant, as likely as not."""
    minutes, rest = divmod(length, times.MINUTE)
    if not rest and minutes in _DAYS:
        return True
    if length >= times.HOUR or isinstance(part, _USUAL):
        return False
    return bool(rest) or minutes not in _MINUTES or isinstance(part, _OF_DAYS)


def _short(length: int, path: Path) -> Suspicion:
    number, rest = divmod(length, times.MINUTE)
    what, fix = words.duration(length), "Days are said as P1D, hours as PT1H"
    if not rest:
        what = words.counted(number, "minute")
        # Months are no duration, so that a calendar window says them.
        fix = (
            f"For {words.counted(number, 'day')} say P{number}D, "
            f"for {words.counted(number, 'hour')} PT{number}H, "
            f"for {words.counted(number, 'month')} a calendar window"
        )
    return Suspicion(
        "LIKELY_SLIP",
        f"{times.duration_text(length)} is {what}: was more meant?",
        path,
        fix,
    )


def unset(part: object, path: Path, names: Names) -> Iterator[Suspicion]:
    """Yield that those without a trait are left out where another value is asked for.

    An odd number of `not` takes them in; of traits of accounts no register is kept.
    """
    if path.count("not") % 2 or of_account(path):
        return
    match part:
        case TraitIs(name=name, is_=Ne() | NotIn() as is_) if name not in DERIVED:
            without = names.contacts - names.having.get(name, names.contacts)
            if without > 0:
                word, positive = ("ne", "eq") if isinstance(is_, Ne) else ("notIn", "in")
                noun = words.counted(without, "contact").replace(str(without), f"{without:,}", 1)
                yield Suspicion(
                    "UNSET_TRAIT",
                    f"`{word}` leaves out the {noun} without a {name!r}",
                    (*path, "is", word),
                    f"To take them in too, say `not` of the trait with `{positive}`",
                )
        case _:
            pass
