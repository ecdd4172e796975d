"""Patterns of `matches`: what is taken, what is refused, and that both engines agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.conditions.regex import Regex, parse
from graph.errors import BadInput

if TYPE_CHECKING:
    from graph.database import Database

ASK = "UNWIND $lists.rows AS row RETURN row.text =~ row.pattern AS taken"
HINT = r"write \{} for the character"
WHOLE = "is an anchor, and a pattern is always compared with the whole string: leave it out"

LOWER = "lower them, or use * or +"
UNROLLED = (
    "characters and classes once its optional parts are written out; "
    "repeat fewer groups of optional parts"
)
OPEN = "The pattern can take one text in too many ways"
NARROW = ". Say what a repeat may not take, as in [^/]* for .*, or ask in several conditions"
SEVERAL = (
    "of the pattern can take one text in several ways, which may take the graph for ever; write "
    r"its group so that the next character tells what takes it, as in \w+(?: \w+)* for (?:\w+ ?)*"
)

MEANINGS = [  # pattern, texts it takes, texts it does not
    (r"", [""], ["a", "\n"]),
    (r"abc", ["abc"], ["ABC", "xabc", "abcx", "abc\n"]),
    (r".", ["a", "\n", "\r", "\x00", "\x85", "\u2028", "é", "\U0001f600"], ["", "e\u0301", "\r\n"]),
    (r"..", ["\r\n", "e\u0301", "\U0001f600a"], ["\U0001f600"]),
    (r".*pricing.*", ["/pricing", "a\npricing\nb"], ["/price", ""]),
    (r"\d+", ["0", "1234567890"], ["", "٣", "1²", "1 "]),
    (r"\w+", ["aZ_9"], ["é", "\u017f", "\u212a", "-"]),
    (r"\s+", [" \t\n\x0b\f\r"], ["\x1c", "\x85", "\u00a0", "\u2028", "\u3000"]),
    (r"\S\W\D", ["\u00a0éx"], [" éx", "aax", "a-1"]),
    (r"[^a]", ["\n", "A", "\U0001f600"], ["a", "", "bb"]),
    (r"[^\s\d]", ["a", "\u00a0"], ["\x0b", "1"]),
    (r"[a-c\-\].^&#]", ["a", "c", "-", "]", ".", "^", "&", "#"], ["d", "\\", ",", "$"]),
    (r"[é-ü😀-😂]", ["é", "ö", "ü", "\U0001f601"], ["e", "ý", "\U0001f603", "\ud7ff"]),
    ("[\x00-\uffff]", ["\x00", "\ud7ff", "\ue000", "\uffff"], ["\U00010000"]),
    ("\x00é#&~ -\n", ["\x00é#&~ -\n"], ["\x00e\u0301#&~ -\n"]),
    (r"\.\[\]\(\)\{\}\*\+\?\|\^\$\\\/\-\_\ ", [r".[](){}*+?|^$\/-_ "], [""]),
    (r"\n\t\r", ["\n\t\r"], ["ntr"]),
    (r"a|", ["a", ""], ["b"]),
    (r"(a|b|)c", ["ac", "bc", "c"], ["abc"]),
    (r"(?:)*x", ["x"], [""]),
    (r"a{2,}", ["aa", "a" * 50], ["a"]),
    (r"a{1,3}?b*?c+?d??", ["ac", "aaabbccd"], ["aaaac", "a"]),
    (r"a{0}b{0,0}", [""], ["a", "b"]),
    (r"(a?){3}", ["", "a", "aaa"], ["aaaa"]),
    (r"(?:a*)*(a+)+", ["a", "aaaa"], ["", "ab"]),
    (r"(a{2,3}){2}", ["aaaa", "aaaaa", "aaaaaa"], ["aaa", "aaaaaaa"]),
    (r"(a{3}){0,2}", ["", "aaa", "aaaaaa"], ["aaaa"]),
    (r"(?:a|b+|[cd])*", ["", "abbacd"], ["e"]),
    (r"(a*b*)*", ["", "abba"], ["c"]),
    (r".*a?[0-9]+.*", ["1", "xxa9y"], ["xa"]),
    (r".+a.{2,}b", ["xaxxb", "aaxyzb"], ["axxb", "xaxb"]),
    (r".*(foo|quux).*bar", ["foobar", "quuxfoobar"], ["barfoo", "foba"]),
    (r".*(foo|food).*dx", ["foodx", "fooddx"], ["foox"]),
    (r".*(abcde|c).*de", ["abcde", "cde"], ["abe", "de"]),
    (r".*a(b|c[de]|f{2})g.*h", ["abgh", "acdgh", "xaffgyh"], ["afgh", "abg"]),
    (r".*a[bc]*d.*e", ["ade", "xabcdxe"], ["abce", "axde"]),
    (r".*x(?:ab){1,2}abc.*d", ["xababcd", "xabababcxd"], ["xabcd"]),
    (r"(|)a", ["a"], [""]),
    (r"(?:ab?)+a{2,}[ab]*", ["aaa", "abaab"], ["aa", "aba"]),
    (r"(?:a{2,})*b", ["b", "aab", "aaaaab"], ["ab"]),
    (r"(?:a{2,}){0,3}b", ["b", "aab", "aaaaab"], ["ab"]),
    (r"(?:a?(?:b?c?))*d", ["d", "cbad"], ["da"]),
    (r"(?:ab)?ax?b", ["ab", "axb", "abab"], ["ba", "abx"]),
    (r"(?:aab)?a*b", ["b", "aab", "aabaab"], ["aa", "aabaabb"]),
    (r"(?:a(?:b|bc))?bcd?", ["abbc", "abcbcd", "bc"], ["abcd"]),
    (r"(?:\w+\.)+com", ["a.com", "com.com.com"], ["com", "a.comx"]),
    (r"(?:/[^/]+)*/about", ["/about", "/about/about", "/a/b/about"], ["/abo", "about", "//about"]),
    (r"(?:\d{2})*\d", ["1", "123"], ["12", ""]),
    (r"(?:ab){1,2}aba?", ["abab", "abababa"], ["ab", "abababab"]),
    (r"(?:\d{3},)*\d{3}", ["123", "123,456"], ["123,", "12"]),
    (r"\w+(?: \w+)*", ["one", "one two"], ["one ", " one"]),
    (r"(?:ab|c)*", ["", "abcab"], ["a"]),
    (r"a*[ab]*b", ["b", "ab", "aabab"], ["a", ""]),
]

REFUSALS = [
    ("^a", "^", 1, f"{WHOLE}, or {HINT.format('^')}"),
    ("a$", "$", 2, f"{WHOLE}, or {HINT.format('$')}"),
    (r"a\b", r"\b", 2, r"is an edge of a word: say what stands there, as in (?:.*\W)?word"),
    (r"\Aa", r"\A", 1, WHOLE),
    (r"(a)\1", r"\1", 4, "is a back-reference or an octal number: write the text itself"),
    (r"\012", r"\0", 1, "is a back-reference or an octal number: write the text itself"),
    (r"\k<a>", r"\k", 1, "is a back-reference: write the text itself"),
    (r"\p{L}", r"\p", 1, "is a Unicode class: write its characters, as in [a-zäöüß]"),
    (r"\Qa\E", r"\Q", 1, r"quotes: write \ before each character that needs it"),
    (r"\x41", r"\x", 1, "is a character by number or name: write the character itself"),
    (r"[\b]", r"\b", 2, r"is an edge of a word: say what stands there, as in (?:.*\W)?word"),
    (r"\h", r"\h", 1, r"means nothing here: leave out the \, or double it"),
    (r"\é", r"\é", 1, r"means nothing here: leave out the \, or double it"),
    ("a\\", "\\", 2, r"ends the pattern: write \\ for the character"),
    ("(?=a)b", "(?=", 1, "looks ahead: use several conditions under `all`"),
    ("a(?!b)", "(?!", 2, "looks ahead: use another condition under `not`"),
    ("(?<=a)b", "(?<=", 1, "looks behind: use several conditions under `all`"),
    ("(?<!a)b", "(?<!", 1, "looks behind: use another condition under `not`"),
    ("(?<n>a)", "(?<", 1, "is a named group: write (…)"),
    ("(?P<n>a)", "(?P", 1, "is a named group: write (…)"),
    ("(?>a)", "(?>", 1, "is an atomic group: write (…)"),
    ("(?#a)", "(?#", 1, "is a comment: leave it out"),
    ("(?i)a", "(?", 1, "sets a flag: write (…), and both cases of a letter as [aA]"),
    ("a*+", "+", 3, rf"makes a repeat possessive: leave it out, or {HINT.format('+')}"),
    ("a**", "*", 3, "repeats a repeat: put the first into a group, as in (?:a{2})*"),
    ("a{2}{3}", "{", 5, "repeats a repeat: put the first into a group, as in (?:a{2})*"),
    ("*a", "*", 1, rf"repeats nothing: put something before it, or {HINT.format('*')}"),
    ("(|+)", "+", 3, rf"repeats nothing: put something before it, or {HINT.format('+')}"),
    ("{2}", "{", 1, rf"repeats nothing: put something before it, or {HINT.format('{')}"),
    ("a{,3}", "{", 2, r"begins no count: write {2}, {2,} or {2,5}, or \{ for the character"),
    ("a{٣}", "{", 2, r"begins no count: write {2}, {2,} or {2,5}, or \{ for the character"),
    ("a{3,2}", "{3,2}", 2, "counts from more to less: turn the two around"),
    ("a{1001}", "{1001}", 2, "counts over 1000: lower it, or use * or +"),
    ("a}", "}", 2, f"closes no count: {HINT.format('}')}"),
    ("a]", "]", 2, f"closes no class: {HINT.format(']')}"),
    ("a)", ")", 2, f"closes no group: {HINT.format(')')}"),
    ("a(b", "(", 2, f"is never closed: add ), or {HINT.format('(')}"),
    ("(" * 21 + ")" * 21, "(", 21, "nests groups more than 20 deep: flatten them"),
    ("a[b", "[", 2, f"is never closed: add ], or {HINT.format('[')}"),
    ("[]a]", "]", 2, f"comes first in its class: {HINT.format(']')}"),
    ("[[:alpha:]]", "[", 2, f"is inside a class, which holds no other: {HINT.format('[')}"),
    ("[a&&b]", "&&", 3, f"intersects classes: {HINT.format('&')}"),
    ("[a-c-e]", "-", 5, f"stands inside a class: {HINT.format('-')}"),
    (r"[\d-z]", r"\d-z", 2, rf"is no range between two characters: {HINT.format('-')} -"),
    ("[b-a]", "b-a", 2, "runs from a higher to a lower character: turn the two around"),
    (r"[^\d\D]", r"[^\d\D]", 1, "takes no character at all: leave something in it"),
]

IN_PARTS = "write several comparisons under `any`"
AMBIGUOUS = [
    (r"(?:a|aa)+", 9),
    (r"(\w+\s*)*", 9),
    (r"(.*,)*x", 6),
    (r"(a|ab){3}", 7),
    (r"x(?:(?:ab)*a)*b", 11),
    (r"(?:(?:ab)?a)*b", 13),
]
LIMITS = [
    ("a" * 201, f"The pattern has 201 characters; at most 200 are taken: {IN_PARTS}"),
    ("(a{50}){21}", f"The counts of the pattern make more than 1000 characters of it; {LOWER}"),
    ("((){1000}){2}", f"The counts of the pattern make more than 1000 characters of it; {LOWER}"),
    ("(" + "a?b?" * 40 + "){2}", f"The pattern has more than 400 {UNROLLED}"),
    (
        "[ab]*([bc]+|)[cd]*[de]*",
        f"{OPEN}. The repeats at 5, 11, 18 can take what follows them{NARROW}",
    ),
    ("(a|ab)(b|ba)" * 16, f"{OPEN}{NARROW}"),
]
JAVA = [
    (r"/blog/\d{4}", r"(?s)\/blog\/[0-9]{4}+", 32_000),
    (r".*pricing.*", r"(?s)(?!.{32001})(?>.*?pricing).*+", 32_000),
    (r"(?:ab){2}aba?", r"(?s)(?:ab){2}+aba?+", 32_000),
    (r".*(a|b).*x", r"(?s)(?!.{32001})(?>.*?[ab]).*x", 32_000),
    (r"(?:\w+\.)+com", r"(?s)(?!.{32001})(?:[0-9A-Z_a-z]++\.)++com", 32_000),
    (r"(?:/[^/]+)*/a", r"(?s)(?!.{32001})(?:(?!\/a\z)(?:\/[^\/]++))*+\/a", 32_000),
    (r"(a+)+|(a*b*)*", r"(?s)(?!.{32001})(?:a++|[ab]++)?", 32_000),
    (r".*u=[^&]*-new", r"(?s)(?!.{2001}).*u\=[^\&]*\-new", 2_000),
    (r"[ab]*[bc]*[bd]*e", r"(?s)(?!.{1001})[ab]*[bc]*[bd]*+e", 1_000),
]
LETTERS = "ab01_ -&^]\\.\n\t\x0b\x00\x85\u00a0\u0301\u017fé中\ue000\uffff\U0001f600\U0010ffff"


def _id(value: object) -> str:
    return ascii(value) if isinstance(value, str) else ""


@pytest.mark.parametrize(("pattern", "taken", "left"), MEANINGS, ids=_id)
def test_meaning(pattern: str, taken: list[str], left: list[str]) -> None:
    """A pattern takes the whole of these texts and no other."""
    regex = parse(pattern)

    found = [text for text in taken + left if regex.matches(text)]

    assert found == taken


@pytest.mark.engine
async def test_meaning_in_the_graph(database: Database) -> None:
    """The graph gives every pattern the same meaning."""
    cases = [
        (pattern, text, text in taken) for pattern, taken, left in MEANINGS for text in taken + left
    ]
    rows = [{"text": text, "pattern": parse(pattern).java} for pattern, text, _ in cases]

    found = await database.read(ASK, rows=rows)

    assert [row["taken"] for row in found] == [taken for _, _, taken in cases]


@pytest.mark.parametrize(("pattern", "what", "position", "why"), REFUSALS, ids=_id)
def test_refusal(pattern: str, what: str, position: int, why: str) -> None:
    """What is outside the language is refused by name, position and way out."""
    with pytest.raises(BadInput) as refused:
        parse(pattern)

    assert refused.value.message == f"`{what}` at position {position} of the pattern {why}"


@pytest.mark.parametrize(("pattern", "position"), AMBIGUOUS, ids=_id)
def test_ambiguous_repeat(pattern: str, position: int) -> None:
    """A group that can take one text in two ways may not repeat: Java would try them all."""
    with pytest.raises(BadInput) as refused:
        parse(pattern)

    assert refused.value.message == f"The repeat at position {position} {SEVERAL}"


@pytest.mark.parametrize(("pattern", "message"), LIMITS, ids=_id)
def test_limits(pattern: str, message: str) -> None:
    """A pattern that is too long or too costly is refused with its limit."""
    with pytest.raises(BadInput) as refused:
        parse(pattern)

    assert refused.value.message == message


@pytest.mark.parametrize(("pattern", "java", "longest"), JAVA, ids=_id)
def test_java(pattern: str, java: str, longest: int) -> None:
    """Java gets a text that leaves it nothing to try twice, and no string over its limit."""
    regex = parse(pattern)

    assert (regex.java, regex.longest) == (java, longest)


@pytest.mark.engine
async def test_long_strings(database: Database) -> None:
    """A string as long as can be is compared; a longer one is not taken, whatever it holds."""
    cases = [
        (".*", "\U0001f600", 32_000, True),
        (".*", "\U0001f600", 32_001, False),
        ("(?:ab|c)*", "abc", 31_999, False),
        ("(?:ab|c)*", "abc", 31_998, True),
        ("(?:.a)*", "\U0001f600aba", 32_000, True),
        ("(?:/[^/]*)*/x", "/", 31_999, False),
        ("(?:/[^/]*)*/x", "/x", 32_000, True),
        (".*a.*b.*c.*d.*", "abc", 32_000, False),
        (".*u=[^&]*-new", "u=-", 2_000, False),
        (".*u=[^&]*-new", "u=-new", 2_001, False),
        (".*u=[^&]*-new", "u=-new", 1_998, True),
    ]
    texts = [(unit * length)[:length] for _, unit, length, _ in cases]
    regexes = [parse(pattern) for pattern, _, _, _ in cases]
    rows = [
        {"text": text, "pattern": regex.java} for text, regex in zip(texts, regexes, strict=True)
    ]

    by_graph = [row["taken"] for row in await database.read(ASK, rows=rows)]
    by_python = [regex.matches(text) for text, regex in zip(texts, regexes, strict=True)]

    expected = [taken for _, _, _, taken in cases]
    assert (by_graph, by_python) == (expected, expected)


Sample = tuple[str, str]  # a pattern, and a text that it takes or nearly takes


def _literal(letter: str) -> Sample:
    return (f"\\{letter}" if letter in r"\.^[]{}()*+?|$" else letter, letter)


def _repeated(body: Sample, count: Sample, times: int) -> Sample:
    return (f"(?:{body[0]}){count[0]}", body[1] * times)


def _in_a_row(parts: list[Sample]) -> Sample:
    return ("".join(part[0] for part in parts), "".join(part[1] for part in parts))


def _either(options: list[Sample], chosen: int) -> Sample:
    text = options[chosen % len(options)][1]
    return (f"({'|'.join(option[0] for option in options)})", text)


def _extended(inner: st.SearchStrategy[Sample]) -> st.SearchStrategy[Sample]:
    counts = st.sampled_from([(count, "") for count in QUANTIFIERS])
    rows = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        st.builds(_repeated, inner, counts, st.integers(0, 3)),
        st.builds(_in_a_row, rows),
        st.builds(_in_a_row, rows),
        st.builds(_either, st.lists(inner, min_size=1, max_size=3), st.integers(0, 2)),
    )


# The fixture may be made anew for the test, not for each example; drawing is slow by nature.
QUIET = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)
QUANTIFIERS = ["*", "+", "?", "*?", "+?", "??", "{0}", "{2}", "{1,}", "{0,2}", "{1,3}?"]
CLASSES = [
    ".",
    ".*",
    r"\d",
    r"\W",
    r"\s",
    r"\S*",
    "[^a]",
    "[ab]",
    "[^&]*",
    r"[\w-]",
    "[!-é😀]",
    "()",
]
SAMPLES = st.recursive(
    st.one_of(
        st.sampled_from([("a", "a"), ("b", "b"), ("ab", "ab")]),
        st.tuples(st.sampled_from(CLASSES), st.sampled_from(LETTERS)),
        st.sampled_from(LETTERS).map(_literal),
    ),
    _extended,
    max_leaves=8,
)
TEXTS = st.text(st.sampled_from("aab" + LETTERS), max_size=6)


@pytest.mark.engine
@settings(max_examples=40, deadline=None, suppress_health_check=QUIET)
@given(st.lists(st.tuples(SAMPLES, TEXTS, TEXTS), min_size=10, max_size=20))
async def test_engines_agree(database: Database, drawn: list[tuple[Sample, str, str]]) -> None:
    """RE2 in Python and Java in the graph give the same answer for every string."""
    asked = [
        (regex, text)
        for (pattern, sample), start, end in drawn
        for regex in _accepted(pattern)
        for text in ("", sample, start + sample, sample + end, start + end, sample[1:] + sample)
    ]
    rows = [{"text": text, "pattern": regex.java} for regex, text in asked]

    found = await database.read(ASK, rows=rows)

    differing = [
        (regex, text, row["taken"])
        for (regex, text), row in zip(asked, found, strict=True)
        if regex.matches(text) != row["taken"]
    ]
    assert not differing


def _accepted(pattern: str) -> list[Regex]:
    try:
        return [parse(pattern)]
    except BadInput:
        return []
