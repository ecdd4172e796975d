"""The segment language, one file a condition: what can be said, in Cypher and in Python."""

from graph.conditions.base import Condition, Scope
from graph.conditions.calendar import Calendar
from graph.conditions.codec import read, write
from graph.conditions.colleagues import Colleagues
from graph.conditions.comparison import Comparison, Eq, Exists, In, Ne, NotIn
from graph.conditions.consent import ConsentIs
from graph.conditions.did import Did
from graph.conditions.engaged import Engaged
from graph.conditions.favourite import Favourite
from graph.conditions.first_time import FirstTime
from graph.conditions.in_segment import InSegment
from graph.conditions.latest import Latest
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.more_often import MoreOften
from graph.conditions.moving import (
    After,
    AgoMoreThan,
    AnniversaryInNext,
    Before,
    InLast,
    InNext,
)
from graph.conditions.near import Near
from graph.conditions.order import Gt, Gte, Lt, Lte, Range
from graph.conditions.regular import Regular
from graph.conditions.resumed import Resumed
from graph.conditions.rfm import Rfm
from graph.conditions.sample import Sample
from graph.conditions.sequence import Sequence
from graph.conditions.stopped import Stopped
from graph.conditions.texts import Contains, EndsWith, Matches, StartsWith
from graph.conditions.total import Total
from graph.conditions.trait import AccountIs, TraitIs
from graph.conditions.trait_held import TraitHeld
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
    "sequence": Sequence,
    "firstTime": FirstTime,
    "latest": Latest,
    "total": Total,
    "regular": Regular,
    "stopped": Stopped,
    "resumed": Resumed,
    "favourite": Favourite,
    "moreOften": MoreOften,
    "traitHeld": TraitHeld,
    "colleagues": Colleagues,
    "segment": InSegment,
    "consent": ConsentIs,
    "near": Near,
    "sample": Sample,
    "rfm": Rfm,
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
