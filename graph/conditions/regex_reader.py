"""Reads a pattern of `matches` into a tree, and refuses by position what is none of it."""

from __future__ import annotations

import re
import string

from graph import errors
from graph.conditions.regex_tree import ANY, Chars, Choice, Node, Repeat, Sequence, chars, other

MOST_TIMES = 1_000
DEEPEST = 20

_DIGITS = chars([(0x30, 0x39)])
_WORD = chars([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
_SPACE = chars([(0x09, 0x0D), (0x20, 0x20)])
_CLASSES = {
    "d": _DIGITS,
    "D": other(_DIGITS),
    "w": _WORD,
    "W": other(_WORD),
    "s": _SPACE,
    "S": other(_SPACE),
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_ESCAPED = frozenset(f"{string.punctuation} ")

_COUNT = re.compile(r"\{([0-9]{1,9})(,([0-9]{1,9})?)?\}")
_ANCHOR = "is an anchor, and a pattern is always compared with the whole string: leave it out"
_UNESCAPED = {
    **dict.fromkeys("^$", f"{_ANCHOR}, or"),
    **dict.fromkeys("*+?{", "repeats nothing: put something before it, or"),
    "}": "closes no count:",
    "]": "closes no class:",
}
_ESCAPES = {
    **dict.fromkeys("0123456789", "is a back-reference or an octal number: write the text itself"),
    **dict.fromkeys("k", "is a back-reference: write the text itself"),
    **dict.fromkeys("AZzG", _ANCHOR),
    **dict.fromkeys("bB", r"is an edge of a word: say what stands there, as in (?:.*\W)?word"),
    **dict.fromkeys("pP", "is a Unicode class: write its characters, as in [a-zäöüß]"),
    **dict.fromkeys("QE", r"quotes: write \ before each character that needs it"),
    **dict.fromkeys("xuUNco", "is a character by number or name: write the character itself"),
}
_GROUPS = {
    "(?=": "looks ahead: use several conditions under `all`",
    "(?!": "looks ahead: use another condition under `not`",
    "(?<=": "looks behind: use several conditions under `all`",
    "(?<!": "looks behind: use another condition under `not`",
    "(?<": "is a named group: write (…)",
    "(?P": "is a named group: write (…)",
    "(?>": "is an atomic group: write (…)",
    "(?#": "is a comment: leave it out",
    "(?": "sets a flag: write (…), and both cases of a letter as [aA]",
}


class Reader:
    """Reads one pattern from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def pattern(self) -> Node:
        """Return the tree of the whole pattern.

        Raises:
            errors.BadInput: the pattern is outside the language.
        """
        node = self._choice()
        if self._at < len(self._text):
            raise _refusal(")", self._at, r"closes no group: write \) for the character")
        return node

    def _choice(self) -> Node:
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated())
        return Sequence(tuple(parts))

    def _repeated(self) -> Node:
        node = self._one()
        at = self._at
        match self._next():
            case "*":
                least, most = 0, None
            case "+":
                least, most = 1, None
            case "?":
                least, most = 0, 1
            case "{":
                least, most = self._count()
            case _:
                return node
        self._at += 1
        self._take("?")
        if self._next() == "+":
            raise _refusal(
                "+",
                self._at,
                r"makes a repeat possessive: leave it out, or write \+ for the character",
            )
        if self._next() in ("*", "?", "{"):
            raise _refusal(
                self._next(),
                self._at,
                "repeats a repeat: put the first into a group, as in (?:a{2})*",
            )
        return Repeat(node, least, most, at + 1)

    def _count(self) -> tuple[int, int | None]:
        found = _COUNT.match(self._text, self._at)
        if not found:
            raise _refusal(
                "{", self._at, r"begins no count: write {2}, {2,} or {2,5}, or \{ for the character"
            )
        least = int(found[1])
        most = int(found[3]) if found[3] else None if found[2] else least
        if max(least, most or 0) > MOST_TIMES:
            raise _refusal(found[0], self._at, f"counts over {MOST_TIMES}: lower it, or use * or +")
        if most is not None and least > most:
            raise _refusal(found[0], self._at, "counts from more to less: turn the two around")
        self._at = found.end() - 1
        return least, most

    def _one(self) -> Node:
        character, at = self._next(), self._at
        if character in _UNESCAPED:
            why = f"{_UNESCAPED[character]} write \\{character} for the character"
            raise _refusal(character, at, why)
        match character:
            case "(":
                return self._group()
            case "[":
                return self._class()
            case "\\":
                return self._escape()
            case _:
                self._at += 1
                return ANY if character == "." else _literal(character)

    def _group(self) -> Node:
        at = self._at
        if not self._take("(?:"):
            for start, why in _GROUPS.items():
                if self._text.startswith(start, at):
                    raise _refusal(start, at, why)
            self._at += 1
        if self._depth == DEEPEST:
            raise _refusal("(", at, f"nests groups more than {DEEPEST} deep: flatten them")
        self._depth += 1
        node = self._choice()
        self._depth -= 1
        if not self._take(")"):
            raise _refusal("(", at, r"is never closed: add ), or write \( for the character")
        return node

    def _escape(self) -> Chars:
        at = self._at
        character = self._text[at + 1 : at + 2]
        self._at += 2
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _CONTROLS:
            return _literal(_CONTROLS[character])
        if character in _ESCAPED:
            return _literal(character)
        if not character:
            raise _refusal("\\", at, r"ends the pattern: write \\ for the character")
        why = _ESCAPES.get(character, r"means nothing here: leave out the \, or double it")
        raise _refusal(f"\\{character}", at, why)

    def _class(self) -> Chars:
        at = self._at
        self._at += 1
        negative = self._take("^")
        spans: list[tuple[int, int]] = []
        while not (self._next() == "]" and spans):
            spans.extend(self._span(at))
        self._at += 1
        found = other(chars(spans)) if negative else chars(spans)
        if not found.ranges:
            raise _refusal(
                self._text[at : self._at], at, "takes no character at all: leave something in it"
            )
        return found

    def _span(self, opened: int) -> tuple[tuple[int, int], ...]:
        """Read a character, a class or a range of the class opened there."""
        at = self._at
        first = self._member(opened)
        if self._next() != "-" or self._text[self._at + 1 : self._at + 2] in ("", "]"):
            return first.ranges
        self._at += 1
        last = self._member(opened)
        text = self._text[at : self._at]
        if not (_single(first) and _single(last)):
            raise _refusal(
                text, at, r"is no range between two characters: write \- for the character -"
            )
        low, high = first.ranges[0][0], last.ranges[0][0]
        if low > high:
            raise _refusal(text, at, "runs from a higher to a lower character: turn the two around")
        return ((low, high),)

    def _member(self, opened: int) -> Chars:
        at, character = self._at, self._next()
        begins = self._text[opened + 1 : at] in ("", "^")
        following = self._text[at + 1 : at + 2]
        if not character:
            raise _refusal("[", opened, r"is never closed: add ], or write \[ for the character")
        if character == "]":
            raise _refusal("]", at, r"comes first in its class: write \] for the character")
        if character == "[":
            raise _refusal(
                "[", at, r"is inside a class, which holds no other: write \[ for the character"
            )
        if character == following == "&":
            raise _refusal("&&", at, r"intersects classes: write \& for the character")
        if character == "-" and not begins and following != "]":
            raise _refusal("-", at, r"stands inside a class: write \- for the character")
        if character == "\\":
            return self._escape()
        self._at += 1
        return _literal(character)

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, text: str) -> bool:
        taken = self._text.startswith(text, self._at)
        if taken:
            self._at += len(text)
        return taken


def _refusal(what: str, at: int, why: str) -> errors.BadInput:
    return errors.BadInput(f"`{what}` at position {at + 1} of the pattern {why}")


def _literal(character: str) -> Chars:
    return chars([(ord(character), ord(character))])


def _single(node: Chars) -> bool:
    return len(node.ranges) == 1 and node.ranges[0][0] == node.ranges[0][1]
