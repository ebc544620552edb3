"""Regular expressions of XPath as the engine has to be asked for them."""

import re

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import PatternError
from forumkg.sparql.xpath_patterns import regex_pattern, replace_pattern, replacement


def matches(text: str, pattern: str, flags: str = "") -> bool:
    """Whether the engine finds the translated pattern in a text."""
    arguments = ", ".join(str(ox.Literal(part)) for part in (text, regex_pattern(pattern, flags), flags))
    return bool(ox.Store().query(f"ASK {{ FILTER(REGEX({arguments})) }}"))


@pytest.mark.parametrize(
    ("pattern", "flags", "found", "missed"),
    [
        ("^[a-c-[b]]$", "", "ac", "bd-["),
        ("^[^a-c-[x]]$", "", "dy-", "abcx"),
        (r"^\w$", "", "a中1+€", "_ -.!"),
        (r"^\W$", "", "_ -.!", "a中1+€"),
        (r"^\s$", "", " \t\r\n", "\u00a0\u3000\u2028"),
        (r"^\S$", "", "\u00a0a", " \t"),
        (r"^\d$", "", "1٣", "a²"),
        (r"^\i$", "", ":_a中", "1-. "),
        (r"^\c$", "", ":_a中1-.", " /"),
        (r"^[\i-[:]]$", "", "_a", ":1"),
        (r"^\p{IsHiragana}$", "", "あ", "ア漢a"),
        (r"^\P{IsBasicLatin}$", "", "é中", "a"),
        (r"^\p{Lu}$", "", "A", "a1"),
        (r"^\p{Lu}$", "i", "A", "a1"),
        ("^[a&&b~~]$", "", "a&b~", "c"),
        ("^[ a#]$", "x", " #a", "b"),
        ("^ a # $", "x", "", "a"),
        ("^[a-]$", "", "a-", "b"),
        (r"^[\n-\r]$", "", "\n\r", "a"),
        (r"^[\^\-\]\[\\]$", "", "^-][\\", "a"),
        ("^.$", "", "a\r", "\n"),
        ("^.$", "s", "a\n", ""),
        ("a.", "q", "", "ab"),
        ("^(?:a|b)$", "", "ab", "c"),
        ("^a{1}b{0,1}?$", "", "a", "b"),
    ],
)
def test_pattern(pattern: str, flags: str, found: str, missed: str) -> None:
    """A pattern finds the characters that XPath says, and no others."""
    assert [char for char in found if not matches(char, pattern, flags)] == []
    assert [char for char in missed if matches(char, pattern, flags)] == []


def test_pattern_with_white_space_that_is_left_out() -> None:
    """The flag x leaves out white space, and does not start a comment at #."""
    assert matches("ab#c", "a b # c", "x")
    assert matches("aab", "a {2} b", "x")


@pytest.mark.parametrize(
    ("pattern", "flags", "message"),
    [
        (r"(ab)\1", "", r"the engine has no back-references such as '\1'"),
        (r"\bword", "", r"'\b' is not an escape of XPath"),
        (r"a\/b", "", r"'\/' is not an escape of XPath"),
        ("(?i)a", "", "XPath has no group that starts with '(?' but '(?:': give flags as the last argument"),
        ("a*+", "", r"'+' repeats nothing: write \\+ for the character"),
        ("*a", "", r"'*' repeats nothing: write \\* for the character"),
        ("a{,2}", "", r"'{' needs a number, as in {2} or {2,3}: write \\{ for a brace"),
        ("(a", "", r"a '(' is not closed: write \\( for a bracket"),
        ("a)", "", r"')' closes nothing: write \\) for a bracket"),
        ("a]", "", r"']' opens nothing: write \\]"),
        ("[a", "", r"a '[' is not closed: write \\[ for a bracket"),
        ("[]a]", "", r"']' in a class needs an escape: write \\]"),
        ("[[:alpha:]]", "", r"'[' in a class needs an escape: write \\["),
        (r"[\w-.]", "", r"a hyphen in the middle of a class needs an escape: write \\-"),
        (r"[a-\d]", "", r"a range ends with one character: write \\- for a hyphen"),
        ("[a-[b]c]", "", "a subtraction ends its class: write ] behind it"),
        (r"\p{IsKlingon}", "", "there is no block 'IsKlingon' here: write its range, as in [一-鿿]"),
        (r"\p{Xx}", "", "there is no category 'Xx': write one such as L, Lu, N or P"),
        (r"\pL", "", r"'\p' needs a category in braces, as in \\p{Lu}"),
        (r"[\p{Lu}]", "i", r"the engine cannot match '\\p{Lu}' in brackets with the flag i"),
        ("a\\", "", r"'\' escapes nothing: write \\\\ for a backslash"),
    ],
)
def test_refused_pattern(pattern: str, flags: str, message: str) -> None:
    """What XPath or the engine does not have is refused, with what to write in the query instead."""
    with pytest.raises(PatternError) as raised:
        regex_pattern(pattern, flags)

    assert str(raised.value) == f"The pattern {pattern!r} cannot be used: {message}."


@pytest.mark.parametrize(
    ("pattern", "flags", "message"),
    [
        ("a", "g", "There is no flag 'g': write some of i, m, q, s and x."),
        ("a b", "qx", "The flags q and x do not go together: leave out x."),
        ("a{1000}{1000}".replace("}{", "}a{") * 20, "", "is too large for the engine: write a shorter one."),
        ("a" * 10_001, "", "A pattern has at most 10,000 characters."),
    ],
)
def test_refused_flags_and_sizes(pattern: str, flags: str, message: str) -> None:
    """An unknown flag, or a pattern of which the engine makes nothing, is refused."""
    with pytest.raises(PatternError) as raised:
        regex_pattern(pattern, flags)

    assert str(raised.value).endswith(message)


@pytest.mark.parametrize("pattern", ["", "a*", "a?", "^", "a|", "(b*)*".replace(")*", ")"), "$"])
def test_replace_pattern_that_matches_nothing(pattern: str) -> None:
    """A pattern of REPLACE that matches the empty text is refused."""
    with pytest.raises(PatternError, match="matches the empty text"):
        replace_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("(a) (b)", "$2_$1", "${2}_${1}"),
        ("(a)", "$1x$10$0", "${1}x${1}0${0}"),
        ("(a)" * 11, "$11$12", "${11}${1}2"),
        ("a", "$3", "${3}"),
        ("a", r"\$\\1", r"$$\1"),
    ],
)
def test_replacement(pattern: str, text: str, expected: str) -> None:
    """A group takes as many digits as there are groups."""
    assert replacement(pattern, text) == expected


@pytest.mark.parametrize("text", ["$", "$a", "a\\", r"\n", "\\\n"])
def test_refused_replacement(text: str) -> None:
    """A dollar sign and a backslash alone are errors of XPath."""
    with pytest.raises(PatternError, match="FORX0004"):
        replacement("a", text)


_CHARACTERS = "abc012 _-+.?*()[]{}|^$\\&~#/\n中é"


@given(st.text(_CHARACTERS, max_size=8), st.text(_CHARACTERS, max_size=6))
def test_literal_text(text: str, wanted: str) -> None:
    """A text with its marks escaped is found where it stands, as in Python."""
    pattern = re.sub(r"[\\|.\-^?*+{}()\[\]$]", r"\\\g<0>", wanted)

    assert matches(text, pattern) is (wanted in text)
    assert matches(text, wanted, "q") is (wanted in text)


@given(st.text(_CHARACTERS, max_size=10), st.sampled_from(["", "i", "x", "s", "m", "q"]))
def test_any_pattern(pattern: str, flags: str) -> None:
    """Any text is translated into a pattern that the engine takes, or refused as a pattern."""
    try:
        translated = regex_pattern(pattern, flags)
    except PatternError:
        return
    arguments = f"{ox.Literal(translated)}, {ox.Literal(flags)}"
    assert ox.Store().query(f'ASK {{ FILTER(BOUND(?x) || REGEX("a", {arguments}) || true) }}')


def replaced(found: re.Match[str]) -> str:
    """Return what a piece of a replacement stands for, where the whole match and its one group are `a`."""
    if found[1]:
        return found[1]
    digits = found[2]
    while len(digits) > 1 and int(digits) > 1:
        digits = digits[:-1]
    return ("a" if int(digits) <= 1 else "") + found[2][len(digits) :]


@given(st.text("ab$12\\(0", max_size=8))
def test_any_replacement(text: str) -> None:
    """A replacement gives what its escapes and groups say, by a second reading of the rule of XPath."""
    try:
        translated = replacement("(a|b)", text)
    except PatternError:
        return
    arguments = ", ".join(str(ox.Literal(part)) for part in ("a", "(a|b)", translated))
    rows = ox.Store().query(f"SELECT (REPLACE({arguments}) AS ?x) {{}}")
    assert isinstance(rows, ox.QuerySolutions)
    assert next(iter(rows))[0] == ox.Literal(re.sub(r"\\(.)|\$(\d+)", replaced, text))
