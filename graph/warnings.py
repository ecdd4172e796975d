"""What is suspicious in a condition: names that nothing has, contradictions that are plain."""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from graph.conditions import shape
from graph.conditions.about import AboutContent, AboutProduct
from graph.conditions.comparison import Eq
from graph.conditions.did import Did
from graph.conditions.engaged import Engaged
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.pattern import Pattern
from graph.conditions.trait import TraitIs
from graph.conditions.window import OfFirst
from graph.errors import Path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graph.conditions.base import Condition


_DERIVED = ("createdAt", "key")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something suspicious, at a path in the condition."""

    code: str
    message: str
    path: Path


@dataclass(frozen=True, slots=True)
class Names:
    """The names that are known; of traits those whose values are never lists too."""

    events: frozenset[str] = frozenset()
    traits: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    single: frozenset[str] = field(default_factory=frozenset[str])


def warnings(condition: Condition, names: Names) -> list[Suspicion]:
    """Return what is suspicious, in the order of the condition."""
    return [
        warning
        for path, part in _parts(condition, (shape.word_of(condition),))
        for warning in (*_unknown(part, path, names), *_contradictions(part, path, names))
    ]


def _parts(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Yield a condition and every part of it, each with its path."""
    if not dataclasses.is_dataclass(value):
        return
    yield path, value
    for field_ in shape.fields(type(value)):
        here = path
        if not (isinstance(value, shape.OneOf) and value.inline):
            here = (*path, field_.outside)
        inner = getattr(value, field_.name)
        for index, each in _each(inner):
            place = here if index is None else (*here, index)
            yield from _parts(each, (*place, *_word(each)))


def _each(inner: object) -> Iterable[tuple[int | None, object]]:
    if isinstance(inner, tuple):
        return list(enumerate(cast("tuple[object, ...]", inner)))
    return [(None, inner)]


def _word(value: object) -> Path:
    """Return the word under which a choice stands; an account's traits stand under none."""
    if isinstance(value, shape.OneOf) and type(value).choices:
        return (shape.word_of(value),)
    return ()


def _unknown(part: object, path: Path, names: Names) -> Iterator[Suspicion]:
    for what, name, where in _named(part, path):
        yield from _missing(what, name, getattr(names, _KNOWN[what]), (*path, *where))


_KNOWN = {"event": "events", "topic": "topics", "category": "categories", "trait": "traits"}


def _named(part: object, path: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield what a part of a condition names: what it is, the name, and where in the part."""
    match part:
        case Pattern(event=event, events=events):
            yield from [("event", event, ("event",))] if event is not None else []
            yield from (("event", name, ("events", n)) for n, name in enumerate(events or ()))
        case Engaged(topic=topic, with_=with_):
            yield "topic", topic, ("topic",)
            yield from (("event", name, ("with", n)) for n, name in enumerate(with_ or ()))
        case OfFirst(event=event):
            yield "event", event, ("event",)
        case AboutContent(topic=str(topic)):
            yield "topic", topic, ("topic",)
        case AboutProduct(category=str(category)):
            yield "category", category, ("category",)
        case TraitIs(name=name) if name not in _DERIVED and path[-2:-1] != ("traits",):
            yield "trait", name, ("name",)
        case _:
            pass


def _missing(what: str, name: str, known: frozenset[str], path: Path) -> Iterator[Suspicion]:
    if name in known:
        return
    folded = {each.casefold(): each for each in sorted(known)}
    near = [folded[each] for each in difflib.get_close_matches(name.casefold(), folded, 3)]
    hint = f"; did you mean {' or '.join(repr(each) for each in near)}?" if near else ""
    article = "an" if what == "event" else "a"
    yield Suspicion(
        f"UNKNOWN_{what.upper()}", f"Nobody has {article} {what} {name!r} yet{hint}", path
    )


def _contradictions(part: object, path: Path, names: Names) -> Iterator[Suspicion]:
    match part:
        case AllOf():
            if _opposed(part.children):
                yield Suspicion("NEVER_TRUE", "It asks for a condition and its contrary", path)
            yield from _disjoint(part.children, path, names)
        case AnyOf() if _opposed(part.children):
            yield Suspicion("ALWAYS_TRUE", "It takes a condition or its contrary", path)
        case Did() if part.least == 0 and part.most is None:
            yield Suspicion(
                "ALWAYS_TRUE", "`atLeast: 0` holds of everybody; ask for 1 or more", path
            )
        case _:
            pass


def _opposed(children: Sequence[Condition]) -> bool:
    canonical = {each.canonical() for each in children}
    return any(Not(each).canonical() in canonical for each in canonical)


def _disjoint(children: Sequence[Condition], path: Path, names: Names) -> Iterator[Suspicion]:
    values: dict[str, object] = {}
    counts: dict[Did, Did] = {}
    for each in children:
        if isinstance(each, TraitIs) and isinstance(each.is_, Eq) and each.name in names.single:
            first = values.setdefault(each.name, each.is_.operand)
            if first != each.is_.operand:
                message = f"The trait {each.name!r} cannot have two values at once"
                yield Suspicion("NEVER_TRUE", message, path)
        if isinstance(each, Did):
            yield from _counts(each, counts, path)


def _counts(did: Did, counts: dict[Did, Did], path: Path) -> Iterator[Suspicion]:
    bare = dataclasses.replace(did, at_least=None, at_most=None, exactly=None).canonical()
    other = counts.setdefault(cast("Did", bare), did)
    for low, high in ((did, other), (other, did)):
        if high.most is not None and low.least > high.most:
            message = f"The same events are asked for at least {low.least} and at most {high.most}"
            yield Suspicion("NEVER_TRUE", f"{message} times", path)


def names_of(
    traits: Mapping[str, frozenset[str]],
    events: Iterable[str],
    topics: Iterable[str],
    categories: Iterable[str],
) -> Names:
    """Return the names of a vocabulary; `traits` are the types of each."""
    single = {
        name for name, types in traits.items() if not any(t.startswith("list") for t in types)
    }
    return Names(
        frozenset(events),
        frozenset(traits),
        frozenset(topics),
        frozenset(categories),
        frozenset(single),
    )
