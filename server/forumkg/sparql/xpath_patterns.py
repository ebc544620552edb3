r"""Translate regular expressions and replacements of XPath into those of Oxigraph, which are Rust's.

SPARQL takes REGEX and REPLACE from XPath: https://www.w3.org/TR/xpath-functions/#regex-syntax. Rust's crate
reads `$1x` as the group named `1x`, `[a-z-[b]]` as a union and `\w` with the underscore, without an error.
What it cannot do, as back-references, is refused.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from forumkg.errors import PatternError

__all__ = [
    "FUNCTIONS",
    "PATTERN",
    "REPLACED",
    "REPLACEMENT",
    "regex_pattern",
    "replace_pattern",
    "replacement",
]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

# Names of the functions that the evaluation passes to the engine.
PATTERN: Final = "urn:forumkg:function:regex-pattern"
REPLACED: Final = "urn:forumkg:function:replace-pattern"
REPLACEMENT: Final = "urn:forumkg:function:replacement"

_FLAGS: Final = frozenset("imsqx")
_STRING: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
_SPACE: Final = " \t\r\n"

_NAME_START: Final = (
    r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}\x{200D}"
    r"\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}"
)
_NAME: Final = rf"{_NAME_START}\-.0-9\x{{B7}}\x{{300}}-\x{{36F}}\x{{203F}}\x{{2040}}"
# https://www.w3.org/TR/xmlschema-2/#nt-MultiCharEsc
_CLASSES: Final = {
    "s": r"[\x20\t\n\r]",
    "S": r"[^\x20\t\n\r]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_NAME_START}]",
    "I": f"[^{_NAME_START}]",
    "c": f"[{_NAME}]",
    "C": f"[^{_NAME}]",
}
_SINGLE: Final = frozenset("nrt\\|.-^?*+{}()[]$")
_CATEGORY: Final = re.compile(r"L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")
# The blocks that texts of this graph, and of most others, are written in.
_BLOCKS: Final = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_QUANTIFIER: Final = re.compile(r"(?:[?*+]|\{[0-9]++(?:,[0-9]*+)?+\})\??+")
_MAX_PATTERN: Final = 10_000


@lru_cache(maxsize=256)
def regex_pattern(pattern: str, flags: str = "") -> str:
    """Return the pattern of a REGEX for Rust's crate.

    Raises:
        PatternError: it is not a pattern of XPath, or the engine cannot match it.
    """
    translated = _translated(pattern, flags)
    if _matches_nothing(translated, flags) is None:
        raise PatternError(f"The pattern {pattern!r} is too large for the engine: write a shorter one.")
    return translated


@lru_cache(maxsize=256)
def replace_pattern(pattern: str, flags: str = "") -> str:
    """Return the pattern of a REPLACE for Rust's crate.

    Raises:
        PatternError: as for `regex_pattern`, or the pattern matches the empty text.
    """
    translated = regex_pattern(pattern, flags)
    if _matches_nothing(translated, flags):
        raise PatternError(
            f"The pattern {pattern!r} of REPLACE matches the empty text, which XPath does not allow "
            "(FORX0003): write + in the place of *, or leave the optional part out."
        )
    return translated


@lru_cache(maxsize=256)
def replacement(pattern: str, text: str, flags: str = "") -> str:
    r"""Return the replacement of a REPLACE for Rust's crate: `$1` is a group, `\$` a dollar sign.

    Raises:
        PatternError: a dollar sign or a backslash is not part of an escape or a group.
    """
    if "q" in flags:
        return text.replace("$", "$$")
    groups = _Translation(pattern, flags).groups
    return re.sub(r"\$[0-9]*|\\.?", lambda found: _replaced(found.group(), groups), text, flags=re.DOTALL)


def _replaced(found: str, groups: int) -> str:
    if found in {"\\$", "\\\\"}:
        return "$$" if found == "\\$" else "\\"
    if found.startswith("\\"):
        raise PatternError(
            f"{found!r} is not an escape of a replacement (FORX0004): write \\\\\\\\ for a backslash."
        )
    digits = found[1:]
    if not digits:
        raise PatternError("A $ in a replacement needs a number (FORX0004): write \\\\$ for a dollar sign.")
    # The longest number that is a group; the digits after it are text.
    kept = next((n for n in range(len(digits), 1, -1) if int(digits[:n]) <= groups), 1)
    return f"${{{digits[:kept]}}}{digits[kept:]}"


def _translated(pattern: str, flags: str) -> str:
    unknown = sorted(set(flags) - _FLAGS)
    if unknown:
        raise PatternError(f"There is no flag {unknown[0]!r}: write some of i, m, q, s and x.")
    if len(pattern) > _MAX_PATTERN:
        raise PatternError(f"A pattern has at most {_MAX_PATTERN:,} characters.")
    if "q" in flags:
        if "x" in flags:
            raise PatternError("The flags q and x do not go together: leave out x.")
        return pattern
    return _Translation(pattern, flags).text


def _matches_nothing(translated: str, flags: str) -> bool | None:
    """Whether a pattern matches the empty text, by the engine; None where the engine cannot compile it."""
    arguments = f"{ox.Literal(translated)}, {ox.Literal(flags)}"
    rows = ox.Store().query(f'SELECT (REGEX("", {arguments}) AS ?matches) {{}}')
    values = [row[0] for row in rows] if isinstance(rows, ox.QuerySolutions) else []
    value = values[0] if values else None
    return value.value == "true" if isinstance(value, ox.Literal) else None


class _Translation:
    """One pattern, read from left to right."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.groups = 0
        self._pattern = pattern
        self._flags = flags
        self._at = 0
        self.text = "".join(self._pieces())

    def _pieces(self) -> list[str]:
        pieces: list[str] = []
        depth = 0
        repeatable = False
        while self._at < len(self._pattern):
            char = self._pattern[self._at]
            if char in _SPACE and "x" in self._flags:
                self._at += 1
                continue
            if char in "?*+{":
                pieces.append(self._quantifier(repeatable=repeatable))
                repeatable = False
                continue
            if char == "(":
                depth += 1
            elif char == ")":
                depth -= 1
                if depth < 0:
                    raise self._error("')' closes nothing: write \\\\) for a bracket")
            pieces.append(self._piece(char))
            repeatable = char not in "(|^$"
        if depth:
            raise self._error("a '(' is not closed: write \\\\( for a bracket")
        return pieces

    def _piece(self, char: str) -> str:
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape(in_class=False)
        if char in "]}":
            raise self._error(f"{char!r} opens nothing: write \\\\{char}")
        self._at += 1
        # With the flag x, Rust takes # for a comment and leaves out white space that XPath keeps.
        return f"\\x{{{ord(char):X}}}" if char == "#" or char.isspace() else char

    def _group(self) -> str:
        if self._pattern.startswith("(?:", self._at):
            self._at += 3
            return "(?:"
        if self._pattern.startswith("(?", self._at):
            raise self._error(
                "XPath has no group that starts with '(?' but '(?:': give flags as the last argument"
            )
        self._at += 1
        self.groups += 1
        return "("

    def _quantifier(self, *, repeatable: bool) -> str:
        found = _QUANTIFIER.match(self._pattern, self._at)
        if not found:
            raise self._error("'{' needs a number, as in {2} or {2,3}: write \\\\{ for a brace")
        if not repeatable:
            raise self._error(
                f"{found.group()!r} repeats nothing: write \\\\{found.group()[0]} for the character"
            )
        self._at = found.end()
        return found.group()

    def _escape(self, *, in_class: bool) -> str:
        char = self._pattern[self._at + 1 : self._at + 2]
        if char and char in "pP":
            return self._property(in_class=in_class)
        self._at += 2
        if char in _CLASSES:
            return _CLASSES[char]
        if char and char in _SINGLE:
            return f"\\{char}"
        if char.isdigit():
            raise self._error(f"the engine has no back-references such as '\\{char}'")
        if not char:
            raise self._error("'\\' escapes nothing: write \\\\\\\\ for a backslash")
        raise self._error(f"'\\{char}' is not an escape of XPath")

    def _property(self, *, in_class: bool) -> str:
        found = re.compile(r"\\([pP])\{([A-Za-z0-9-]*)\}").match(self._pattern, self._at)
        if not found:
            raise self._error("'\\p' needs a category in braces, as in \\\\p{Lu}")
        self._at = found.end()
        letter, name = found.groups()
        if name.startswith("Is"):
            if name[2:] not in _BLOCKS:
                raise self._error(f"there is no block {name!r} here: write its range, as in [一-鿿]")
            first, last = _BLOCKS[name[2:]]
            return f"[{'^' if letter == 'P' else ''}\\x{{{first:X}}}-\\x{{{last:X}}}]"
        if not _CATEGORY.fullmatch(name):
            raise self._error(f"there is no category {name!r}: write one such as L, Lu, N or P")
        written = f"\\{letter}{{{name}}}"
        # A category has no case in XPath; Rust would fold it.
        if "i" in self._flags and name in {"Lu", "Ll", "Lt"}:
            if in_class:
                raise self._error(f"the engine cannot match {written!r} in brackets with the flag i")
            return f"(?-i:{written})"
        return written

    def _class(self) -> str:
        self._at += 1
        negated = self._pattern.startswith("^", self._at)
        self._at += negated
        members: list[str] = []
        while True:
            char = self._pattern[self._at : self._at + 1]
            if not char:
                raise self._error("a '[' is not closed: write \\\\[ for a bracket")
            if char == "]" and members:
                self._at += 1
                return _bracketed(members, negated=negated)
            if self._pattern.startswith("-[", self._at) and members:
                self._at += 1
                removed = self._class()
                if not self._pattern.startswith("]", self._at):
                    raise self._error("a subtraction ends its class: write ] behind it")
                self._at += 1
                return f"[{_bracketed(members, negated=negated)}--{removed}]"
            members.append(self._member(is_first=not members))

    def _member(self, *, is_first: bool) -> str:
        first, is_one = self._class_char(is_first=is_first)
        behind = self._pattern[self._at + 1 : self._at + 2]
        if not is_one or not self._pattern.startswith("-", self._at) or behind in {"]", "[", ""}:
            return first
        self._at += 1
        last, is_one = self._class_char(is_first=False)
        if not is_one:
            raise self._error("a range ends with one character: write \\\\- for a hyphen")
        return f"{first}-{last}"

    def _class_char(self, *, is_first: bool) -> tuple[str, bool]:
        """Return what a member of a class starts with, and whether that is a single character."""
        char = self._pattern[self._at]
        if char == "\\":
            escape = self._escape(in_class=True)
            return escape, len(escape) == len("\\n")
        if char in "[]":
            raise self._error(f"{char!r} in a class needs an escape: write \\\\{char}")
        if char == "-" and not is_first and self._pattern[self._at + 1 : self._at + 2] != "]":
            raise self._error("a hyphen in the middle of a class needs an escape: write \\\\-")
        self._at += 1
        # Marks such as && and ~~ are operators of Rust, and its flag x takes white space out of classes.
        return (f"\\x{{{ord(char):X}}}" if not char.isalnum() else char), True

    def _error(self, what: str) -> PatternError:
        return PatternError(f"The pattern {self._pattern[:80]!r} cannot be used: {what}.")


def _bracketed(members: list[str], *, negated: bool) -> str:
    return f"[{'^' if negated else ''}{''.join(members)}]"


def _text(term: Term) -> str:
    """Return the text of a simple literal.

    Raises:
        PatternError: the term is another one.
    """
    if isinstance(term, ox.Literal) and term.datatype == _STRING:
        return term.value
    raise PatternError("Patterns, replacements and flags are texts without a language.")


def _function(translate: Callable[..., str]) -> Callable[..., Term | None]:
    """Return a function of SPARQL; what raises an error in Python is an error, hence unbound, there."""

    def call(*arguments: Term) -> Term | None:
        try:
            return ox.Literal(translate(*map(_text, arguments)))
        except PatternError:
            return None

    return call


# For patterns and replacements that the query computes.
FUNCTIONS: Final = {
    ox.NamedNode(PATTERN): _function(regex_pattern),
    ox.NamedNode(REPLACED): _function(replace_pattern),
    ox.NamedNode(REPLACEMENT): _function(replacement),
}
