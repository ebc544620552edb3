"""Read a worksheet from text, and report what cannot be read: line, what is wrong, what to write.

The grammar is described in `docs/mapping.md`. Reading continues after a problem, so one run shows them all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from forumkg.mapping.line_tokens import (
    LABEL,
    LOCAL,
    NAME,
    LineDetails,
    LineToken,
    UnreadableLine,
    checked,
    line_tokens,
    nearest,
)
from forumkg.mapping.worksheet import (
    META_KEYS,
    STANCES,
    Acceptance,
    NewThing,
    TaggedText,
    Worksheet,
    WorksheetPassage,
    WorksheetProblem,
    WorksheetRole,
    WorksheetStatement,
)

__all__ = ["parse_worksheet"]

_PASSAGE: Final = re.compile(r"\[(?P<head>[^\]]*)\](?: (?P<words>.*))?")
_SPAN: Final = re.compile(r"@(?P<start>[0-9]{1,9}),(?P<end>[0-9]{1,9}) (?P<sha256>[0-9a-f]{64})")
_STATEMENT: Final = re.compile(r"(?P<mark>[*?-])(?P<number>[0-9]{0,6})(?: (?P<rest>.*))?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# Ends a paraphrase or a note in Chinese; English goes without saying.
_CHINESE: Final = "@zh"
_ENGLISH: Final = "@en"
_ROLE_WORDS: Final = ("name", "holder", "post", "label")
# What a note may be about.
_Noted = TypeVar("_Noted", WorksheetStatement, WorksheetRole)
_DETAILS: Final = ("alt", "in", "kind", "broader", "first", "last", "note")
_STATEMENT_FORM: Final = (
    "Write `* STANCE key=value … : paraphrase`, for example "
    "`* planned activities>150 : Over 150 activities are planned.`"
)
_LINE_FORM: Final = (
    "A line is about the article (`publisher organization:xinhua`), a passage (`[body] words`), a statement "
    "(two spaces, `*`, `-` or `?`), a note on the line above (two spaces, `#`), its paraphrase in Chinese "
    "(two spaces, `:`, and `@zh` at the end), `role`, `new`, or a comment (`//`)."
)


@dataclass(slots=True)
class _Builder:
    """What has been read so far."""

    meta: list[tuple[str, str]] = field(default_factory=list)
    passages: list[WorksheetPassage] = field(default_factory=list)
    statements: list[WorksheetStatement] = field(default_factory=list)
    roles: list[WorksheetRole] = field(default_factory=list)
    new: list[NewThing] = field(default_factory=list)
    noted: str = ""  # what a note would belong to: "statement", "role" or nothing

    def finish_passage(self) -> None:
        """Give the statements read so far to their passage."""
        if self.passages:
            self.passages[-1] = replace(self.passages[-1], statements=tuple(self.statements))
        self.statements = []


def parse_worksheet(text: str) -> tuple[Worksheet, tuple[WorksheetProblem, ...]]:
    """Return the worksheet that a text is, without the lines that cannot be read, and a problem for each.

    Args:
        text: the worksheet, with any line ends.
    """
    builder = _Builder()
    problems = []
    for number, line in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip() or line.startswith("//"):
            continue
        try:
            _read_line(line.rstrip(), number, builder)
        except UnreadableLine as error:
            problems.append(WorksheetProblem(number, error.message, error.advice))
    builder.finish_passage()
    worksheet = Worksheet(
        tuple(builder.meta), tuple(builder.passages), tuple(builder.roles), tuple(builder.new)
    )
    problems += _repeated(worksheet)
    return worksheet, tuple(sorted(problems, key=lambda problem: problem.line))


def _read_line(line: str, number: int, builder: _Builder) -> None:
    if found := _CONTROL.search(line):
        raise UnreadableLine(f"The line has the control character U+{ord(found.group()):04X}.", "Delete it.")
    if line.startswith("["):
        builder.finish_passage()
        builder.noted = ""
        builder.passages.append(_passage(line, number))
    elif line[0].isspace():
        _read_below(line.strip(), number, builder)
    else:
        key, _, rest = line.partition(" ")
        rest = rest.strip()
        builder.noted = ""
        if key == "role":
            builder.roles.append(_role(rest, number))
            builder.noted = "role"
        elif key == "new":
            builder.new.append(_new(rest, number))
        elif key in META_KEYS:
            if not rest:
                raise UnreadableLine(f"`{key}` has no value.", f"Write `{key} value`, or delete the line.")
            builder.meta.append((key, rest))
        else:
            raise UnreadableLine(
                f"A line cannot begin with {key!r}{nearest(key, (*META_KEYS, 'role', 'new'))}", _LINE_FORM
            )


def _read_below(line: str, number: int, builder: _Builder) -> None:
    """Read an indented line: a statement of the passage above, or a note or translation of the line above."""
    if line.startswith("#"):
        _read_note(line[1:].strip(), builder)
        return
    if line.startswith(":"):
        _read_translation(line[1:].strip(), builder)
        return
    if not builder.passages:
        raise UnreadableLine(
            "A statement stands before the first passage.", "Write the passage above it: `[body] words`."
        )
    builder.noted = ""
    builder.statements.append(_statement(line, number))
    builder.noted = "statement"


def _read_note(note: str, builder: _Builder) -> None:
    """Read a note on the line above, or with `@zh` at its end the Chinese of the note."""
    is_chinese = note.endswith(_CHINESE)
    text = note.removesuffix(_CHINESE if is_chinese else _ENGLISH).rstrip()
    if not text:
        raise UnreadableLine("The note is empty.", "Write the note after `# `, or delete the line.")
    if builder.noted == "statement":
        builder.statements[-1] = _with_note(builder.statements[-1], text, is_chinese=is_chinese)
    elif builder.noted == "role":
        builder.roles[-1] = _with_note(builder.roles[-1], text, is_chinese=is_chinese)
    else:
        raise UnreadableLine(
            "A note stands below no statement and no role.",
            "Write it below the line that it is about; a comment begins with `//`.",
        )


def _with_note(one: _Noted, text: str, *, is_chinese: bool) -> _Noted:
    if is_chinese:
        return replace(one, chinese_note=_joined(one.chinese_note, text))
    return replace(one, note=_joined(one.note, text))


def _read_translation(line: str, builder: _Builder) -> None:
    """Read the Chinese of the paraphrase on the line above."""
    text = line.removesuffix(_CHINESE).rstrip()
    if not text or text == line:
        raise UnreadableLine(
            "The translation of a paraphrase does not end with its language.",
            "Write the paraphrase in Chinese after `: ` and `@zh` behind it, or delete the line.",
        )
    if builder.noted != "statement" or builder.statements[-1].chinese:
        raise UnreadableLine(
            "A translation stands below no statement, or is the second one.",
            "Write one below the statement whose paraphrase it translates.",
        )
    builder.statements[-1] = replace(builder.statements[-1], chinese=text)


def _joined(before: str | None, more: str) -> str:
    return f"{before} {more}" if before else more


def _passage(line: str, number: int) -> WorksheetPassage:
    match = _PASSAGE.fullmatch(line)
    if match is None:
        raise UnreadableLine("The head of the passage is not closed.", "Write `[body #label] words`.")
    words = " ".join((match["words"] or "").split())
    if not words:
        raise UnreadableLine("The passage has no words.", "Write the words of the text after `]`.")
    passage = WorksheetPassage(words=words, line=number)
    if placed := _SPAN.fullmatch(words):
        span = int(placed["start"]), int(placed["end"])
        passage = replace(passage, words="", span=span, sha256=placed["sha256"])
    return _with_head(passage, match["head"])


def _with_head(passage: WorksheetPassage, head: str) -> WorksheetPassage:
    """Return a passage with what its head says."""
    details = LineDetails()
    for word in head.split():
        if word.startswith("#"):
            passage = replace(passage, label=checked(word[1:], LABEL, "[body #counts]"))
        elif word.startswith("omit:"):
            omission = checked(word[5:], LOCAL, "[omit:picture-credit caption]")
            passage = replace(passage, omission=omission)
        elif word == "attest":
            passage = replace(passage, attests=True)
        elif word in ("direct", "indirect") or word[0] == "+" or "=" in word:
            details.read(LineToken(word))
        else:
            passage = replace(passage, part=checked(word, LOCAL, "[headline], [caption] or [body]"))
    if details.facts or details.figures or details.rank:
        raise UnreadableLine(
            "A passage's head has what belongs to a statement.",
            "Write about=, as=, by=, direct or +label there, and the rest on the lines of statements.",
        )
    return replace(
        passage,
        about=details.about,
        supports=tuple(details.supports),
        speaker=details.speaker,
        is_direct=details.is_direct,
    )


def _statement(line: str, number: int) -> WorksheetStatement:
    match = _STATEMENT.fullmatch(line)
    if match is None:
        raise UnreadableLine(f"{line[:40]!r} is not a statement.", _STATEMENT_FORM)
    rest = match["rest"] or ""
    details, stance, paraphrase = LineDetails(), "", None
    for token, end in line_tokens(rest):
        if token == LineToken(":"):
            paraphrase = rest[end:].strip()
            break
        if stance:
            details.read(token)
        elif token.bare in STANCES:
            stance = token.bare
        else:
            raise UnreadableLine(
                f"The statement begins with {token.shown!r}{nearest(token.bare, STANCES)}",
                "Write its stance first: planned, ongoing or accomplished.",
            )
    if not stance or not paraphrase:
        raise UnreadableLine("The statement has no stance or no paraphrase.", _STATEMENT_FORM)
    return WorksheetStatement(
        Acceptance(match["mark"]),
        stance,
        paraphrase,
        int(match["number"]) if match["number"] else None,
        details.about,
        tuple(details.supports),
        tuple(details.facts),
        tuple(details.figures),
        tuple(details.wordings),
        details.speaker,
        details.is_direct,
        details.rank,
        line=number,
    )


def _role(rest: str, number: int) -> WorksheetRole:
    words, texts, options = [], [], {}
    for token, _ in line_tokens(rest):
        if token.text is not None and not token.bare:
            texts.append(TaggedText(token.text, token.language))
        elif token.text is not None and token.bare == "label=":
            options["label"] = token.text
        elif token.bare.startswith("asof="):
            options["as_of"] = token.bare[5:]
        else:
            words.append(token.bare)
    if len(words) != len(_ROLE_WORDS) or len(texts) != 1:
        raise UnreadableLine(
            "The role is not complete.",
            'Write `role NAME-YEAR-MONTH-DAY person:NAME post:NAME LABEL "post as printed"`, with the '
            "LABEL of a passage.",
        )
    name, holder, post, label = words
    return WorksheetRole(
        checked(name.removeprefix("role:"), LOCAL, "a name such as li-meng-2021-09-15"),
        checked(holder, NAME, "person:li-meng"),
        checked(post, NAME, "post:vice-minister-of-science-and-technology"),
        checked(label.removeprefix("#"), LABEL, "the label of a passage"),
        texts[0],
        **options,
        line=number,
    )


def _new(rest: str, number: int) -> NewThing:
    name, labels, others, details = "", [], [], []
    for token, _ in line_tokens(rest):
        key, sign, value = token.bare.partition("=")
        if not name:
            name = checked(token.bare, NAME, 'new organization:some-academy "Some Academy"@en')
        elif token.text is not None and not token.bare:
            labels.append(TaggedText(token.text, token.language or "en"))
        elif token.text is not None and key == "alt":
            others.append(TaggedText(token.text, token.language or "en"))
        elif sign and key in _DETAILS:
            details.append((key, value if token.text is None else token.text))
        else:
            raise UnreadableLine(
                f"{token.shown!r} says nothing about a thing{nearest(key, _DETAILS)}",
                'Write "label"@en "标签"@zh, alt="other"@en, in=, kind=, broader=, first=, last=, note="…".',
            )
    if not name:
        raise UnreadableLine(
            "`new` names nothing.", 'Write `new organization:some-academy "Some Academy"@en`.'
        )
    return NewThing(name, tuple(labels), tuple(others), tuple(details), number)


def _repeated(worksheet: Worksheet) -> Iterator[WorksheetProblem]:
    """Yield the labels and statement numbers that are given twice."""
    seen: set[str] = set()
    for passage in worksheet.passages:
        if passage.label in seen:
            advice = "Give each passage a label of its own."
            yield WorksheetProblem(passage.line, f"The label #{passage.label} is given twice.", advice)
        if passage.label:
            seen.add(passage.label)
    numbers: set[int] = set()
    for statement in worksheet.statements:
        if statement.number in numbers:
            advice = "Delete the number: `forumkg map --write` gives a new one."
            yield WorksheetProblem(statement.line, f"The number {statement.number} is given twice.", advice)
        if statement.number is not None:
            numbers.add(statement.number)
