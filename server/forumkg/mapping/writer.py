"""Write a worksheet as text; `parser.parse_worksheet` reads it back unchanged."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from forumkg.mapping.figures import write_figure
from forumkg.mapping.worksheet import (
    META_KEYS,
    NewThing,
    SpeakerRef,
    TaggedText,
    Worksheet,
    WorksheetPassage,
    WorksheetRole,
    WorksheetStatement,
)

__all__ = ["number_statements", "write_worksheet"]

_UNNUMBERED: Final = re.compile(r"(\s+[*-])(?= )")
_WIDTH: Final = max(map(len, META_KEYS))


def write_worksheet(worksheet: Worksheet) -> str:
    """Return the text of a worksheet: the lines about the article, new things, roles, then the passages."""
    blocks = [
        "".join(f"{key:<{_WIDTH}} {value}\n" for key, value in worksheet.meta),
        "".join(f"{_new(thing)}\n" for thing in worksheet.new),
        "".join(f"{line}\n" for role in worksheet.roles for line in _role(role)),
        "".join(f"{line}\n" for passage in worksheet.passages for line in _passage(passage)),
    ]
    return "\n".join(block for block in blocks if block)


def number_statements(text: str, numbers: Mapping[int, int]) -> str:
    """Return the text of a worksheet with numbers after the marks of statements; all else is unchanged.

    Args:
        text: the worksheet.
        numbers: the number of a statement for its line, counted from 1.
    """
    lines = text.split("\n")
    for line, number in numbers.items():
        lines[line - 1] = _UNNUMBERED.sub(rf"\g<1>{number}", lines[line - 1], count=1)
    return "\n".join(lines)


def _passage(passage: WorksheetPassage) -> Iterator[str]:
    head = [f"omit:{passage.omission}"] if passage.omission else []
    head += [passage.part, *(["attest"] if passage.attests else [])]
    head += [f"#{passage.label}"] if passage.label else []
    head += _shared(passage)
    start, end = passage.span or (0, 0)
    words = f"@{start},{end} {passage.sha256}" if passage.span else passage.words
    yield f"[{' '.join(head)}] {words}"
    for statement in passage.statements:
        yield _statement(statement)
        if statement.chinese:
            yield f"  : {statement.chinese}@zh"
        yield from _notes(statement)


def _statement(statement: WorksheetStatement) -> str:
    number = "" if statement.number is None else str(statement.number)
    words = [f"  {statement.acceptance.value}{number}", statement.stance, *_shared(statement)]
    words += [f"rank={statement.rank}"] if statement.rank else []
    words += [f"{fact.key}={fact.value}" for fact in statement.facts]
    words += [write_figure(figure) for figure in statement.figures]
    words += [f"w={_quoted(wording)}" for wording in statement.wordings]
    return " ".join([*words, ":", statement.paraphrase])


def _shared(line: WorksheetPassage | WorksheetStatement) -> list[str]:
    words = [f"+{label}" for label in line.supports]
    words += [f"about={line.about}"] if line.about else []
    words += [_speaker(line.speaker)] if line.speaker else []
    return words if line.is_direct is None else [*words, "direct" if line.is_direct else "indirect"]


def _speaker(speaker: SpeakerRef) -> str:
    return f"as={speaker.name}" if speaker.is_role else f"by={speaker.name}"


def _role(role: WorksheetRole) -> Iterator[str]:
    words = ["role", role.name, role.holder, role.post, role.passage, _quoted(role.wording)]
    words += [f"asof={role.as_of}"] if role.as_of else []
    words += [f"label={_quoted(TaggedText(role.label))}"] if role.label else []
    yield " ".join(words)
    yield from _notes(role)


def _notes(line: WorksheetStatement | WorksheetRole) -> Iterator[str]:
    if line.note:
        yield f"  # {line.note}{'@en' if line.note.endswith(('@en', '@zh')) else ''}"
    if line.chinese_note:
        yield f"  # {line.chinese_note}@zh"


def _new(thing: NewThing) -> str:
    words = ["new", thing.name, *(_quoted(label) for label in thing.labels)]
    words += [f"alt={_quoted(other)}" for other in thing.others]
    words += [f"{key}={_quoted(TaggedText(value))}" for key, value in thing.details]
    return " ".join(words)


def _quoted(tagged: TaggedText) -> str:
    escaped = tagged.text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'"{escaped}"@{tagged.language}' if tagged.language else f'"{escaped}"'
