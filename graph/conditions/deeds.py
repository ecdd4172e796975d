"""What kinds of events are called in a sentence: `Page Viewed` is `viewed a page`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graph.model import ThingKind

_ALONE: Final = {
    "Checked In": "check in",
    "Logged In": "log in",
    "Logged Out": "log out",
    "Registered": "register",
    "Signed In": "sign in",
    "Signed Out": "sign out",
    "Signed Up": "sign up",
    "Subscribed": "subscribe",
    "Unsubscribed": "unsubscribe",
}
"""Kinds that name no object, with what a contact did."""
_VERBS: Final = (
    *("accept", "add", "apply", "book", "bookmark", "browse", "change", "click", "close"),
    *("complete", "connect", "copy", "create", "delete", "disconnect", "dismiss", "download"),
    *("edit", "enter", "export", "follow", "import", "install", "invite", "join", "like", "open"),
    *("order", "pause", "place", "play", "post", "purchase", "rate", "receive", "remove", "rename"),
    *("renew", "request", "resume", "review", "save", "schedule", "search", "select", "share"),
    *("skip", "start", "submit", "tap", "update", "upgrade", "upload", "use", "view", "visit"),
    "watch",
)
"""What contacts do; of a kind such as `Email Bounced`, which happens to them, nothing is made."""
_DOUBLED: Final = frozenset({"skip", "submit", "tap"})
_MASS: Final = frozenset(
    {"access", "billing", "content", "data", "feedback", "info", "information", "music"}
    | {"onboarding", "software", "training"}
)
"""Nouns that have no number."""
_NOUNS: Final = {
    ThingKind.CONTENT: ("article", "content", "document", "page", "post", "video"),
    ThingKind.PRODUCT: ("product",),
    ThingKind.FEATURE: ("feature",),
    ThingKind.TICKET: ("ticket",),
    ThingKind.CAMPAIGN: ("campaign",),
}
"""What things of a kind are called in the names of events about them."""
_WORD: Final = re.compile(r"[A-Z][a-z]+|[A-Z]{2,4}", re.ASCII)
_AN: Final = re.compile(
    r"[AEFHILMNORSX][A-Z]+\b|(?!uni|use|uuid|ur[il]|eu|one)[aeiou]|h(?:our|onest|onou?r|eir)"
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a contact did: the verb in the past and as it is, and the noun that it is done to."""

    past: str
    verb: str
    noun: str = ""

    @property
    def object(self) -> str:
        """The noun with its article, where it has one."""
        return one(self.noun) if self.noun else ""


def one(noun: str) -> str:
    """Return a noun with its article, where it has one: `an order`, `products`, `content`."""
    last = noun.rpartition(" ")[2]
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is"))
    if plural or last in _MASS:
        return noun
    return f"{article(noun)} {noun}"


def article(noun: str) -> str:
    """Return `a` or `an`, as it stands before a noun or the name of a trait."""
    return "an" if _AN.match(noun if noun.isupper() else noun.lower()) else "a"


def means(noun: str, kind: ThingKind) -> bool:
    """Tell whether things of a kind are called so."""
    return noun.rpartition(" ")[2] in _NOUNS.get(kind, ())


@lru_cache(4096)
def deed(name: str) -> Deed | None:
    """Return what a kind of event is called; None where its name is no noun and a contact's verb.

    Only names in capitals with single spaces are, so that different names stay different.
    """
    if name in _ALONE:
        return Deed(name.lower(), _ALONE[name])
    words = name.split(" ")
    if len(words) == 1 or not all(_WORD.fullmatch(word) for word in words):
        return None
    *nouns, past = words
    if past not in _PASTS:
        return None
    noun = " ".join(word if word.isupper() else word.lower() for word in nouns)
    return Deed(past.lower(), _PASTS[past], noun)


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}{verb[-1] if verb in _DOUBLED else ''}ed"


_PASTS: Final = {_past(verb).capitalize(): verb for verb in _VERBS}
