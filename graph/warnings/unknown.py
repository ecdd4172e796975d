"""Names that nothing has: of events, traits, topics, categories, purposes and properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph.conditions import words
from graph.conditions.about import About, AboutContent, AboutProduct
from graph.conditions.comparison import Exists
from graph.conditions.consent import ConsentIs
from graph.conditions.did import Did
from graph.conditions.distinct import DistinctProperty
from graph.conditions.engaged import Engaged
from graph.conditions.favourite import Favourite
from graph.conditions.latest import Latest
from graph.conditions.near import Near
from graph.conditions.pattern import Pattern
from graph.conditions.popular import PopularWith
from graph.conditions.rfm import Rfm
from graph.conditions.rivals import FavouriteCategory, FavouriteProperty, FavouriteTopic
from graph.conditions.sequence import Sequence
from graph.conditions.steps import SameProperty
from graph.conditions.total import Total
from graph.conditions.trait import DERIVED, TraitIs
from graph.conditions.trait_held import TraitHeld
from graph.conditions.window import OfFirst
from graph.warnings.names import near
from graph.warnings.parts import of_account
from graph.warnings.suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.conditions.about import PropertyIs
    from graph.errors import Path
    from graph.warnings.names import Names, What

_WORDS: Final[dict[What, str]] = {
    "event": "Nobody has an event {} yet",
    "trait": "Nobody has a trait {} yet",
    "topic": "Nobody has a topic {} yet",
    "category": "Nobody has a category {} yet",
    "purpose": "Nobody has decided on a purpose {} yet",
}


def unknown(part: object, path: Path, names: Names) -> Iterator[Suspicion]:
    """Yield what a part names that nothing has."""
    for what, name, where in _named(part, path):
        known = names.all_of(what)
        if name not in known:
            message = _WORDS[what].format(repr(name))
            yield _missing(f"UNKNOWN_{what.upper()}", message, name, known, (*path, *where))
    if isinstance(part, Pattern):
        yield from _of_pattern(part, path, names)
    if isinstance(part, Sequence) and isinstance(part.same, SameProperty):
        for index, step in enumerate(part.steps):
            where = (*path, "same", "property") if index == 0 else (*path, "steps", index)
            yield from _property(part.same.property, step, where, names)


def _named(part: object, path: Path) -> Iterator[tuple[What, str, Path]]:  # noqa: C901, PLR0912, PLR0915 - all that has names
    """Yield what a part of a condition names: what it is, the name, and where in the part."""
    match part:
        case Pattern(event=event, events=events):
            if event is not None:
                yield "event", event, ("event",)
            for index, name in enumerate(events or ()):
                yield "event", name, ("events", index)
        case Engaged(topic=topic, with_=with_):
            yield "topic", topic, ("topic",)
            for index, name in enumerate(with_ or ()):
                yield "event", name, ("with", index)
        case OfFirst(event=event) | PopularWith(event=event):
            yield "event", event, ("event",)
        case AboutContent(topic=str(topic)):
            yield "topic", topic, ("topic",)
        case AboutProduct(category=str(category)):
            yield "category", category, ("category",)
        case TraitIs(name=name) if name not in DERIVED and not of_account(path):
            yield "trait", name, ("name",)
        case TraitHeld(name=name):
            yield "trait", name, ("name",)
        case Near():
            yield "trait", "location", ()
        case ConsentIs(purpose=purpose):
            yield "purpose", purpose, ("purpose",)
        case _:
            pass
    match part:
        case Favourite(by=FavouriteTopic(), is_=str(topic)):
            yield "topic", topic, ("is",)
        case Favourite(by=FavouriteCategory(), is_=str(category)):
            yield "category", category, ("is",)
        case _:
            pass


def _of_pattern(part: Pattern, path: Path, names: Names) -> Iterator[Suspicion]:
    yield from _tests(part.where or (), part, (*path, "where"), names)
    match part:
        case Latest(has=has):
            yield from _tests(has, part, (*path, "has"), names)
        case Total(of=of) | Rfm(of=str(of)):
            yield from _property(of, part, (*path, "of"), names)
        case Did(distinct=DistinctProperty(property=name)):
            yield from _property(name, part, (*path, "distinct", "property"), names)
        case Favourite(by=FavouriteProperty(property=name)):
            yield from _property(name, part, (*path, "by", "property"), names)
        case _:
            pass
    if part.about is not None:
        yield from _about(part.about, part, (*path, "about"), names)


def _tests(
    tests: Iterable[PropertyIs], pattern: Pattern, path: Path, names: Names
) -> Iterator[Suspicion]:
    for index, test in enumerate(tests):
        if test.is_ != Exists(wanted=False):
            yield from _property(test.property, pattern, (*path, index, "property"), names)


def _property(name: str, pattern: Pattern, path: Path, names: Names) -> Iterator[Suspicion]:
    types = names.property(name, pattern.names)
    if types is None or types:
        return
    known = {each for kind in names.kinds(pattern.names) or () for each in kind.properties}
    message = f"No such event has a property {name!r} yet"
    yield _missing("UNKNOWN_PROPERTY", message, name, known, path)


def _about(about: About, pattern: Pattern, path: Path, names: Names) -> Iterator[Suspicion]:
    kinds = names.kinds(pattern.names)
    if not kinds:
        return
    things = {each for kind in kinds for each in kind.about}
    if about.kind_of_thing not in things:
        known = words.joined(sorted(each.value.lower() for each in things) or ["nothing"], "or")
        yield Suspicion(
            "OTHER_THING",
            f"No such event was about a {about.kind_of_thing.value.lower()} yet",
            path,
            f"They are about a {known}: ask about that, or name another event",
        )


def _missing(code: str, message: str, name: str, known: Iterable[str], path: Path) -> Suspicion:
    likely = near(name, known)
    if not likely:
        return Suspicion(code, message, path, "Look the name up in `vocabulary`, or send such data")
    meant = " or ".join(repr(each) for each in likely)
    return Suspicion(code, f"{message}; did you mean {meant}?", path, f"Say {meant}")
