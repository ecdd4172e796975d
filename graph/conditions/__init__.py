"""The segment language, one file a condition: what can be said, in Cypher and in Python."""

from graph.conditions.base import Condition, Scope
from graph.conditions.calendar import Calendar
from graph.conditions.codec import read, write
from graph.conditions.comparison import Comparison, Eq, Exists, In, Ne, NotIn
from graph.conditions.did import Did
from graph.conditions.engaged import Engaged
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.moving import (
    After,
    AgoMoreThan,
    AnniversaryInNext,
    Before,
    InLast,
    InNext,
)
from graph.conditions.order import Gt, Gte, Lt, Lte, Range
from graph.conditions.texts import Contains, EndsWith, Matches, StartsWith
from graph.conditions.trait import AccountIs, TraitIs
from graph.conditions.window import Ago, Last, OfFirst, Since, Span, Window

__all__ = ["Condition", "Scope", "read", "write"]

Condition.choices = {
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
    "did": Did,
    "engaged": Engaged,
    "trait": TraitIs,
    "account": AccountIs,
}
Window.choices = {
    "last": Last,
    "between": Ago,
    "since": Since,
    "during": Span,
    "calendar": Calendar,
    "ofFirst": OfFirst,
}
Comparison.choices = {
    "eq": Eq,
    "ne": Ne,
    "in": In,
    "notIn": NotIn,
    "lt": Lt,
    "lte": Lte,
    "gt": Gt,
    "gte": Gte,
    "between": Range,
    "exists": Exists,
    "contains": Contains,
    "startsWith": StartsWith,
    "endsWith": EndsWith,
    "matches": Matches,
    "before": Before,
    "after": After,
    "inLast": InLast,
    "inNext": InNext,
    "agoMoreThan": AgoMoreThan,
    "anniversaryInNext": AnniversaryInNext,
}
