"""Values of a type that what is compared never has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph.conditions import words
from graph.conditions.latest import Latest
from graph.conditions.pattern import Pattern
from graph.conditions.rfm import Rfm
from graph.conditions.total import Total
from graph.conditions.trait import TraitIs
from graph.conditions.trait_held import TraitHeld
from graph.values import Kind
from graph.warnings.comparing import kinds_met, kinds_of
from graph.warnings.parts import of_account
from graph.warnings.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions.about import PropertyIs
    from graph.conditions.comparison import Comparison
    from graph.errors import Path
    from graph.warnings.names import Names, Types

_SEEN: Final = {
    Kind.BOOLEAN: "booleans",
    Kind.NUMBER: "numbers",
    Kind.TEXT: "texts",
    Kind.TIME: "instants or dates",
}


def other_types(part: object, path: Path, names: Names) -> Iterator[Suspicion]:
    """Yield comparisons with values of a type that there never was."""
    match part:
        case TraitIs(name=name, is_=is_) if not of_account(path):
            yield from _compared(f"trait {name!r}", names.trait(name), is_, (*path, "is"))
        case TraitHeld(name=name, is_=is_) if is_ is not None:
            yield from _compared(f"trait {name!r}", names.trait(name), is_, (*path, "is"))
        case Latest(has=has):
            yield from _tests(has, part, (*path, "has"), names)
        case Total(of=of) | Rfm(of=str(of)):
            yield from _numbers(of, part, (*path, "of"), names)
        case _:
            pass
    if isinstance(part, Total):
        yield from _compared("total", frozenset({"float"}), part.is_, (*path, "is"))
    if isinstance(part, Pattern):
        yield from _tests(part.where or (), part, (*path, "where"), names)


def _tests(
    tests: tuple[PropertyIs, ...], pattern: Pattern, path: Path, names: Names
) -> Iterator[Suspicion]:
    for index, test in enumerate(tests):
        types = names.property(test.property, pattern.names) or frozenset()
        what = f"property {test.property!r}"
        yield from _compared(what, types, test.is_, (*path, index, "is"))


def _compared(what: str, types: Types, is_: Comparison, path: Path) -> Iterator[Suspicion]:
    asked, known = kinds_met(is_), kinds_of(types)
    if known and not asked & known:
        were, meant = _said(known), _said(asked)
        yield Suspicion(
            "OTHER_TYPE",
            f"The {what} was never of this type: its values are {were}, and {meant} are asked for",
            path,
            f"Compare it with {were}",
        )


def _numbers(name: str, pattern: Pattern, path: Path, names: Names) -> Iterator[Suspicion]:
    known = kinds_of(names.property(name, pattern.names) or frozenset())
    if known and Kind.NUMBER not in known:
        message = f"The property {name!r} was never a number: its values are {_said(known)}"
        yield Suspicion("OTHER_TYPE", message, path, "Name a property that is a number")


def _said(kinds: frozenset[Kind]) -> str:
    return words.joined([_SEEN[kind] for kind in Kind if kind in kinds], "or")
