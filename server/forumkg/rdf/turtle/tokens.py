r"""Tokenize Turtle and TriG; each token has its line.

The terminals of https://www.w3.org/TR/turtle/#sec-grammar. Turtle that a parser accepts has the tokens of the
parser. Text that is not Turtle ends the tokens; the parser reports what is wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["TurtleToken", "tokens", "unescape_local", "unescape_string"]

_BASE_CHARS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_CHARS = rf"{_BASE_CHARS}_\-0-9\u00b7\u0300-\u036f\u203f\u2040"
_PREFIX = rf"[{_BASE_CHARS}](?:[{_NAME_CHARS}]|\.+(?=[{_NAME_CHARS}]))*+"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[{_BASE_CHARS}_:0-9]|{_ESCAPED})(?:[{_NAME_CHARS}:]|{_ESCAPED}|\.+(?=[{_NAME_CHARS}:%\\]))*+"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}"

# The order matters: a long string before a short one, a name before a word, a double before a decimal.
_TERMINALS = (
    ("space", r"[ \t\r\n]+"),
    ("comment", r"#[^\r\n]*"),
    ("iri", rf'<(?:[^\x00-\x20<>"{{}}|^`\\]|{_UCHAR})*+>'),
    ("string", r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"""'),
    ("string", r"'''(?:[^'\\]++|\\.|'{1,2}(?!'))*+'''"),
    ("string", r'"(?:[^"\\\r\n]++|\\.)*+"'),
    ("string", r"'(?:[^'\\\r\n]++|\\.)*+'"),
    ("at", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
    ("blank", rf"_:[{_BASE_CHARS}_0-9](?:[{_NAME_CHARS}]|\.+(?=[{_NAME_CHARS}]))*+"),
    ("name", rf"(?:{_PREFIX})?:(?:{_LOCAL})?"),
    ("number", r"[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"),
    ("word", r"[A-Za-z]+"),
    ("mark", r"\^\^|[][{}();,.]"),  # braces are TriG's
)
_KINDS: Final = tuple(kind for kind, _ in _TERMINALS)
_TOKEN: Final = re.compile("|".join(f"({pattern})" for _, pattern in _TERMINALS), re.DOTALL)

_LINE_END: Final = re.compile(r"\r\n?|\n")
_STRING_ESCAPE: Final = re.compile(rf"{_UCHAR}|\\[tbnrf\"'\\]")
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)")
_CONTROLS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class TurtleToken:
    """A token as written, its kind, the 1-based line on which it starts, and its offset."""

    kind: str
    text: str
    line: int
    start: int = 0


def tokens(text: str) -> Iterator[TurtleToken]:
    """Yield the tokens of Turtle, comments included and without white space.

    Args:
        text: Turtle; the tokens end at the first character that is not Turtle.
    """
    line, position = 1, 0
    while match := _TOKEN.match(text, position):
        kind, piece, position = _KINDS[(match.lastindex or 1) - 1], match.group(), match.end()
        if kind != "space":
            yield TurtleToken(kind, piece, line, match.start())
        line += len(_LINE_END.findall(piece))


def unescape_string(text: str) -> str:
    """Return a string or an IRI without its numeric and letter escapes."""
    return _STRING_ESCAPE.sub(_unescaped, text) if "\\" in text else text


def unescape_local(text: str) -> str:
    """Return the local part of a prefixed name without its backslashes; percent signs stay."""
    return _LOCAL_ESCAPE.sub(r"\1", text)


def _unescaped(match: re.Match[str]) -> str:
    escape = match.group()[1:]
    if escape[0] in "uU":
        return chr(int(escape[1:], 16))
    return _CONTROLS.get(escape, escape)
