"""Comparisons of texts: containing, beginning, ending, matching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, LiteralString

from graph.conditions import words
from graph.conditions.comparison import Comparison
from graph.conditions.regex import Regex, parse
from graph.cypher.nodes import Leaf

if TYPE_CHECKING:
    from graph.values import Scalar


# Which sigma a word ends in depends on its neighbours, and engines differ on those.
_FINAL_SIGMA, _SIGMA = "\u03c2", "\u03c3"
_SMALL: LiteralString = (
    "value IS :: STRING NOT NULL AND "
    f"replace(toLower(toStringOrNull(value)), '{_FINAL_SIGMA}', '{_SIGMA}')"
)


def _small(text: str) -> str:
    return text.lower().replace(_FINAL_SIGMA, _SIGMA)


@dataclass(frozen=True, slots=True)
class Text(Comparison):
    """A text to look for.

    Attributes:
        text_: What to look for.
        ignore_case: Whether capital and small letters are the same.
    """

    exact: ClassVar[LiteralString]
    lowered: ClassVar[LiteralString]
    verb: ClassVar[str]
    outside: ClassVar[str | None] = "Text"
    text_: str
    ignore_case: bool = False

    def found_in(self, value: str, part: str) -> bool:
        """Tell whether the part is where it is looked for."""
        raise NotImplementedError

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is a text with the part in its place."""
        del t, zone
        if not isinstance(value, str):
            return False
        if self.ignore_case:
            return self.found_in(_small(value), _small(self.text_))
        return self.found_in(value, self.text_)

    def test(self, t: int) -> Leaf:
        """Return the operator, on small letters where case is ignored."""
        del t
        if self.ignore_case:
            return Leaf(self.lowered, {"text": _small(self.text_)})
        return Leaf(self.exact, {"text": self.text_})

    def text(self) -> str:
        """Return `contains “sale” in any case`."""
        case = " in any case" if self.ignore_case else ""
        return f"{self.verb} {words.quoted(self.text_)}{case}"


@dataclass(frozen=True, slots=True)
class Contains(Text):
    """Has the text somewhere in it.

    Attributes:
        text_: What to look for.
        ignore_case: Whether capital and small letters are the same.
    """

    exact: ClassVar[LiteralString] = "value CONTAINS $text"
    lowered: ClassVar[LiteralString] = f"{_SMALL} CONTAINS $text"
    verb: ClassVar[str] = "contains"

    def found_in(self, value: str, part: str) -> bool:
        """Tell whether the part is in it."""
        return part in value


@dataclass(frozen=True, slots=True)
class StartsWith(Text):
    """Begins with the text.

    Attributes:
        text_: What to look for.
        ignore_case: Whether capital and small letters are the same.
    """

    exact: ClassVar[LiteralString] = "value STARTS WITH $text"
    lowered: ClassVar[LiteralString] = f"{_SMALL} STARTS WITH $text"
    verb: ClassVar[str] = "begins with"

    def found_in(self, value: str, part: str) -> bool:
        """Tell whether it begins with the part."""
        return value.startswith(part)


@dataclass(frozen=True, slots=True)
class EndsWith(Text):
    """Ends with the text.

    Attributes:
        text_: What to look for.
        ignore_case: Whether capital and small letters are the same.
    """

    exact: ClassVar[LiteralString] = "value ENDS WITH $text"
    lowered: ClassVar[LiteralString] = f"{_SMALL} ENDS WITH $text"
    verb: ClassVar[str] = "ends with"

    def found_in(self, value: str, part: str) -> bool:
        """Tell whether it ends with the part."""
        return value.endswith(part)


@dataclass(frozen=True, slots=True)
class Matches(Comparison):
    r"""Is, as a whole, what a regular expression describes.

    Attributes:
        expression: Literals, `.`, `[…]`, `\d \w \s`, groups, `|`, and `* + ? {m,n}`.
    """

    inline: ClassVar[bool] = True
    expression: str

    def __post_init__(self) -> None:
        parse(self.expression)

    @property
    def regex(self) -> Regex:
        """The expression, checked."""
        return parse(self.expression)

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is a text that the expression describes whole."""
        del t, zone
        return isinstance(value, str) and self.regex.matches(value)

    def test(self, t: int) -> Leaf:
        """Return the match by the engine's own dialect."""
        del t
        # As a text: the engine refuses a match of what it knows to be a number, such as a total.
        text: LiteralString = "value IS :: STRING NOT NULL AND toStringOrNull(value) =~ $expression"
        return Leaf(text, {"expression": self.regex.java})

    def text(self) -> str:
        """Return `matches “a.*”`."""
        return f"matches {words.quoted(self.expression)}"
