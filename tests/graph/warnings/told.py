"""Conditions that look wrong and what is told of each: code, place, words, the way out."""

from __future__ import annotations

from typing import Any, Final

from graph import times
from graph.conditions import read
from graph.model import ThingKind
from graph.warnings import Names
from graph.warnings.names import Kind

NOW: Final = times.read_instant("2026-03-10T12:00:00Z")
NAMES: Final = Names(
    events={
        "Page Viewed": Kind(
            frozenset({ThingKind.CONTENT}),
            {"ref": frozenset({"string"}), "tags": frozenset({"list of string"})},
        ),
        "Order Completed": Kind(frozenset({ThingKind.SOURCE}), {"total": frozenset({"float"})}),
    },
    traits={
        "plan": frozenset({"string"}),
        "score": frozenset({"integer", "float"}),
        "tags": frozenset({"list of string"}),
        "trialEnds": frozenset({"date"}),
    },
    topics=frozenset({"pricing"}),
    categories=frozenset({"shoes"}),
    purposes=frozenset({"email"}),
    having={"plan": 588, "score": 1000, "tags": 1, "trialEnds": 1000},
    contacts=1000,
    segments={
        "viewers": read({"did": {"event": "Page Viewed", "within": {"last": "P7D"}}}),
        "strangers": read({"not": {"did": {"event": "Page Viewed"}}}),
    },
)
VIEWED: Final[dict[str, Any]] = {"did": {"event": "Page Viewed"}}


def trait(name: str, **is_: object) -> dict[str, Any]:
    """Return a test of a trait."""
    return {"trait": {"name": name, "is": is_}}


def viewed(**rest: object) -> dict[str, Any]:
    """Return that pages were viewed."""
    return {"did": {"event": "Page Viewed", **rest}}


def then(within: str) -> dict[str, Any]:
    """Return that an order followed on a page within so long."""
    steps = [{"event": "Page Viewed"}, {"event": "Order Completed", "within": within}]
    return {"sequence": {"steps": steps}}


PRO: Final = trait("plan", eq="pro")
FREE: Final = trait("plan", eq="free")
_DROP: Final = "Drop one of them, or join them by `any`"
_LOOK: Final = "Look the name up in `vocabulary`, or send such data"

TOLD: Final[dict[str, tuple[dict[str, Any], str, str, str, str]]] = {
    "a name that is like another": (
        {"all": [PRO, {"did": {"events": ["Page Viewed", "page view"]}}]},
        "UNKNOWN_EVENT",
        "all.1.did.events.1",
        "Nobody has an event 'page view' yet; did you mean 'Page Viewed'?",
        "Say 'Page Viewed'",
    ),
    "a name like none": (
        {"did": {"event": "Xyz"}},
        "UNKNOWN_EVENT",
        "did.event",
        "Nobody has an event 'Xyz' yet",
        _LOOK,
    ),
    "an event that opens a window": (
        viewed(within={"ofFirst": {"event": "Sign Up", "within": "P7D"}}),
        "UNKNOWN_EVENT",
        "did.within.ofFirst.event",
        "Nobody has an event 'Sign Up' yet",
        _LOOK,
    ),
    "a trait": (
        trait("plam", eq="pro"),
        "UNKNOWN_TRAIT",
        "trait.name",
        "Nobody has a trait 'plam' yet; did you mean 'plan'?",
        "Say 'plan'",
    ),
    "a topic": (
        {"engaged": {"topic": "prices"}},
        "UNKNOWN_TOPIC",
        "engaged.topic",
        "Nobody has a topic 'prices' yet; did you mean 'pricing'?",
        "Say 'pricing'",
    ),
    "a topic of contents": (
        viewed(about={"content": {"topic": "pricin"}}),
        "UNKNOWN_TOPIC",
        "did.about.content.topic",
        "Nobody has a topic 'pricin' yet; did you mean 'pricing'?",
        "Say 'pricing'",
    ),
    "a category": (
        {"favourite": {"event": "Page Viewed", "by": {"category": True}, "is": "shoe"}},
        "UNKNOWN_CATEGORY",
        "favourite.is",
        "Nobody has a category 'shoe' yet; did you mean 'shoes'?",
        "Say 'shoes'",
    ),
    "a purpose": (
        {"consent": {"purpose": "e-mail", "is": "GRANTED"}},
        "UNKNOWN_PURPOSE",
        "consent.purpose",
        "Nobody has decided on a purpose 'e-mail' yet; did you mean 'email'?",
        "Say 'email'",
    ),
    "a property": (
        viewed(where=[{"property": "reff", "is": {"eq": "mail"}}]),
        "UNKNOWN_PROPERTY",
        "did.where.0.property",
        "No such event has a property 'reff' yet; did you mean 'ref'?",
        "Say 'ref'",
    ),
    "a thing that such events are not about": (
        viewed(about={"product": {}}),
        "OTHER_THING",
        "did.about",
        "No such event was about a product yet",
        "They are about a content: ask about that, or name another event",
    ),
    "a value of another type": (
        trait("plan", gt=3),
        "OTHER_TYPE",
        "trait.is",
        "The trait 'plan' was never of this type: its values are texts, and numbers are asked for",
        "Compare it with texts",
    ),
    "a sum of what is no number": (
        {"total": {"event": "Page Viewed", "of": "ref", "is": {"gt": 3}}},
        "OTHER_TYPE",
        "total.of",
        "The property 'ref' was never a number: its values are texts",
        "Name a property that is a number",
    ),
    "a condition and its contrary": (
        {"all": [{"engaged": {"topic": "pricing"}}, {"not": {"engaged": {"topic": "pricing"}}}]},
        "NEVER_TRUE",
        "all",
        "It asks for a condition and its contrary",
        _DROP,
    ),
    "a condition or its contrary": (
        {"any": [VIEWED, {"not": VIEWED}]},
        "ALWAYS_TRUE",
        "any",
        "It takes a condition or its contrary",
        "Drop the `any`, or join them by `all`",
    ),
    "two values of a trait": (
        {"all": [PRO, FREE]},
        "NEVER_TRUE",
        "all",
        "The trait 'plan' cannot be so at once: it is “pro”, and it is “free”",
        _DROP,
    ),
    "ranges apart": (
        {"all": [trait("score", gt=3), trait("score", lte=3)]},
        "NEVER_TRUE",
        "all",
        "The trait 'score' cannot be so at once: it is more than 3, and it is at most 3",
        _DROP,
    ),
    "times apart, both moving": (
        {"all": [trait("trialEnds", inNext="P3D"), trait("trialEnds", inLast="P3D")]},
        "NEVER_TRUE",
        "all",
        (
            "The trait 'trialEnds' cannot be so at once: it is in the next 3 days, "
            "and it is in the last 3 days"
        ),
        _DROP,
    ),
    "a value and no value": (
        {"all": [PRO, trait("plan", exists=False)]},
        "NEVER_TRUE",
        "all",
        "The trait 'plan' cannot be so at once: it is “pro”, and it is not set",
        _DROP,
    ),
    "more and less": (
        {"all": [viewed(atLeast=3), viewed(atMost=1)]},
        "NEVER_TRUE",
        "all",
        "The same events are asked for at least 3 times and at most once",
        _DROP,
    ),
    "more in a week than in a month": (
        {"all": [viewed(within={"last": "P7D"}), viewed(within={"last": "P30D"}, atMost=0)]},
        "NEVER_TRUE",
        "all",
        (
            "Nobody meets both: viewed a page in the last 7 days; "
            "did not view a page in the last 30 days"
        ),
        _DROP,
    ),
    "two decisions": (
        {
            "all": [
                {"consent": {"purpose": "email", "is": "GRANTED"}},
                {"consent": {"purpose": "email", "is": "WITHDRAWN"}},
            ]
        },
        "NEVER_TRUE",
        "all",
        "Nobody meets both: has granted consent to “email”; has withdrawn consent to “email”",
        _DROP,
    ),
    "values of one event": (
        viewed(
            where=[
                {"property": "ref", "is": {"eq": "mail"}},
                {"property": "ref", "is": {"startsWith": {"text": "a"}}},
            ]
        ),
        "NEVER_TRUE",
        "did.where",
        (
            "The property 'ref' of one event cannot be so at once: "
            "it is “mail”, and it begins with “a”"
        ),
        "Drop one, or ask for two events",
    ),
    "none or more": (
        viewed(atLeast=0),
        "ALWAYS_TRUE",
        "did",
        "`atLeast: 0` holds of everybody",
        "Ask for 1 or more, or drop it",
    ),
    "more days than there are": (
        viewed(within={"last": "P7D"}, distinct={"day": "UTC"}, atLeast=12),
        "NEVER_TRUE",
        "did.within",
        "There are never 12 different days in the last 7 days",
        "Ask for a longer window, or for at most 9 days",
    ),
    "more often than itself": (
        {"moreOften": {"event": "Page Viewed", "than": {}}},
        "NEVER_TRUE",
        "moreOften",
        "There are never more of these events than of those they are among",
        "Ask by `than` for other events",
    ),
    "a sample of nobody": (
        {"sample": {"percent": 0, "salt": "june"}},
        "NEVER_TRUE",
        "sample.percent",
        "A sample of 0 percent is nobody",
        "Ask for more than 0",
    ),
    "a sample of everybody": (
        {"sample": {"percent": 100, "salt": "june"}},
        "ALWAYS_TRUE",
        "sample.percent",
        "A sample of 100 percent is everybody",
        "Drop the sample",
    ),
    "what follows": (
        {"all": [viewed(within={"last": "P7D"}), VIEWED]},
        "REDUNDANT",
        "all.1",
        "It already follows from what stands beside it: viewed a page in the last 7 days",
        "Drop it: viewed a page",
    ),
    "what adds nobody": (
        {"any": [VIEWED, PRO, viewed(atLeast=3)]},
        "REDUNDANT",
        "any.2",
        "It adds nobody to what stands beside it: viewed a page",
        "Drop it: viewed a page at least 3 times",
    ),
    "what is said twice": (
        {"all": [PRO, PRO]},
        "REDUNDANT",
        "all.1",
        "It is said twice: has a “plan” that is “pro”",
        "Drop it: has a “plan” that is “pro”",
    ),
    "a window that lies ahead": (
        viewed(within={"since": "2027-01-01T00:00:00Z"}),
        "WINDOW_AHEAD",
        "did.within.since",
        "Nothing has happened yet from 1 January 2027 on: that lies ahead",
        "Look at the year, or wait until then",
    ),
    "those without a trait": (
        trait("plan", ne="pro"),
        "UNSET_TRAIT",
        "trait.is.ne",
        "`ne` leaves out the 412 contacts without a 'plan'",
        "To take them in too, say `not` of the trait with `eq`",
    ),
}
