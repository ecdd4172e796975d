"""Numbers of events in windows: which of two exclude or imply each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from graph.conditions import shape
from graph.conditions.window import Ago, Last, Since, Span
from graph.warnings import comparing
from graph.warnings.names import single
from graph.warnings.parts import same

if TYPE_CHECKING:
    from graph.conditions.about import About, PropertyIs
    from graph.conditions.did import Did
    from graph.conditions.pattern import Pattern
    from graph.conditions.window import Window
    from graph.warnings.names import Names

_FAR: Final = 2**61
"""An instant after all others, at which fixed windows are whole."""


def implies(left: Did, right: Did, names: Names) -> bool:
    """Tell whether so many of these events mean so many of those."""
    return (right.least == 0 or (left.least >= right.least and _inside(left, right, names))) and (
        right.most is None
        or (left.most is not None and left.most <= right.most and _inside(right, left, names))
    )


def excludes(left: Did, right: Did, names: Names) -> bool:
    """Tell whether there cannot be so many of these events and so many of those."""
    return any(
        many.least > few.most and _inside(many, few, names)
        for many, few in ((left, right), (right, left))
        if few.most is not None
    )


def _inside(inner: Did, outer: Did, names: Names) -> bool:
    """Tell whether all that counts for one counts for the other too."""
    return (
        same(inner.distinct, outer.distinct)
        and _shorter(inner.within, outer.within)
        and narrower(inner, outer, names)
    )


def narrower(inner: Pattern, outer: Pattern, names: Names) -> bool:
    """Tell whether each event of one pattern is one of the other."""
    if outer.names and not (inner.names and set(inner.names) <= set(outer.names)):
        return False
    if outer.about is not None and not _closer(inner.about, outer.about):
        return False
    return all(_asked(each, inner, names) for each in outer.where or ())


def _closer(inner: About | None, outer: About) -> bool:
    """Tell whether whatever is about the one is about the other too."""
    if inner is None or inner.kind_of_thing is not outer.kind_of_thing:
        return False
    return all(
        asked is None or same(getattr(inner, field.name), asked)
        for field in shape.fields(type(outer))
        for asked in (getattr(outer, field.name),)
    )


def _asked(test: PropertyIs, pattern: Pattern, names: Names) -> bool:
    types = names.property(test.property, pattern.names) or frozenset()
    return any(
        each.property == test.property
        and comparing.implies(each.is_, test.is_, single=single(types))
        for each in pattern.where or ()
    )


def _shorter(inner: Window | None, outer: Window | None) -> bool:
    """Tell whether one window lies in another at every instant."""
    if outer is None or same(inner, outer):
        return True
    for moving, t in ((Last | Ago, 0), (Since | Span, _FAR)):
        if isinstance(inner, moving) and isinstance(outer, moving):
            first, last = cast("Window", inner).fixed(t)
            begun, ended = outer.fixed(t)
            return begun <= first and last <= ended
    return False
