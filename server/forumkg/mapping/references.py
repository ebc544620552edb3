"""The names that a worksheet refers to, and what is wrong with them: unknown ones, with the nearest known."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from forumkg.mapping.known_things import KnownThings
from forumkg.mapping.stubs import CLASSES, derived_thing
from forumkg.mapping.worksheet import (
    FACT_KEYS,
    PLACEHOLDER,
    Acceptance,
    Worksheet,
    WorksheetPassage,
    WorksheetProblem,
    WorksheetStatement,
)

__all__ = ["Reference", "check_references", "references"]

_AGENTS: Final = ("organization", "person", "group")
_KINDS: Final = {
    "writer": ("person",),
    "editor": _AGENTS,
    "publisher": ("organization",),
    "carrier": ("organization",),
}
_THINGS: Final = ("in", "broader")
_NEAR: Final = 0.55

_SpokenLine: TypeAlias = WorksheetPassage | WorksheetStatement

_DAY: Final = re.compile(r".*[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A name on a line, and the prefixes that it can have; none for any."""

    name: str
    line: int
    kinds: tuple[str, ...] = ()


def references(worksheet: Worksheet) -> Iterator[Reference]:
    """Yield the names of things that the worksheet refers to; proposals are left out."""
    for key, value in worksheet.meta:
        if key in _KINDS or key == "about":
            yield Reference(value, 0, _KINDS.get(key, ()))
    for passage in worksheet.passages:
        yield from _shared(passage)
        for statement in passage.statements:
            if statement.acceptance is not Acceptance.PROPOSED:
                yield from _shared(statement)
                for fact in statement.facts:
                    prefix = FACT_KEYS[fact.key].prefix
                    yield Reference(fact.value, statement.line, (prefix,) if prefix else _AGENTS)
    for role in worksheet.roles:
        yield Reference(role.holder, role.line, ("person",))
        yield Reference(role.post, role.line, ("post",))
    for thing in worksheet.new:
        yield from (Reference(value, thing.line) for key, value in thing.details if key in _THINGS)


def _shared(one: _SpokenLine) -> Iterator[Reference]:
    if one.about:
        yield Reference(one.about, one.line)
    if one.speaker and not one.speaker.is_role:
        yield Reference(one.speaker.name, one.line, _AGENTS)


def check_references(worksheet: Worksheet, known: KnownThings) -> Iterator[WorksheetProblem]:
    """Yield the names that nothing describes, and labels, indicators and roles that do not exist."""
    described = {thing.name for thing in worksheet.new}
    for one in references(worksheet):
        kind = one.name.partition(":")[0]
        if one.kinds and kind not in one.kinds:
            advice = f"Write a name that begins with {' or '.join(f'{kind}:' for kind in one.kinds)}."
            yield WorksheetProblem(one.line, f"{one.name} cannot be used here.", advice)
        elif one.name not in described and one.name not in known and not derived_thing(one.name, known):
            yield _unknown(one, known)
    for thing in worksheet.new:
        kind = thing.name.partition(":")[0]
        if kind not in CLASSES:
            advice = (
                f"Write one of {', '.join(CLASSES)} before the colon; `forumkg terms --add` adds indicators."
            )
            yield WorksheetProblem(thing.line, f"`new` cannot make {thing.name}.", advice)
        elif any(label.text == PLACEHOLDER for label in thing.labels):
            message = f"The English name of {thing.name} is not filled in."
            yield WorksheetProblem(thing.line, message, f'Write it in place of "{PLACEHOLDER}"@en.')
        elif not thing.labels:
            yield WorksheetProblem(
                thing.line, f"{thing.name} has no label.", 'Write "label"@en, and "标签"@zh.'
            )
    yield from _check_labels(worksheet)
    yield from _check_figures(worksheet, known)
    yield from _check_codes(worksheet, known)


def _unknown(one: Reference, known: KnownThings) -> WorksheetProblem:
    kinds = one.kinds or (one.name.partition(":")[0],)
    names = [thing.name for thing in known.of_kind(*kinds)]
    near = difflib.get_close_matches(one.name, names, n=3, cutoff=_NEAR)
    advice = f'Write `new {one.name} "label"@en`'
    advice += f", or one that exists: {', '.join(near)}." if near else "; `forumkg terms WORDS` finds names."
    return WorksheetProblem(one.line, f"The graph has no {one.name}.", advice)


def _check_labels(worksheet: Worksheet) -> Iterator[WorksheetProblem]:
    labels = {passage.label for passage in worksheet.passages}
    roles = {role.name for role in worksheet.roles}
    for line, label in _labels_used(worksheet):
        if label not in labels:
            advice = f"Write `#{label}` in the head of the passage that is meant: `[body #{label}] …`."
            yield WorksheetProblem(line, f"No passage has the label {label}.", advice)
    for role in worksheet.roles:
        if not (role.as_of or _DAY.fullmatch(role.name)):
            advice = "End the name with the day, as in li-meng-2021-09-15, or write asof=2021-09-15."
            yield WorksheetProblem(role.line, f"The role {role.name} has no day.", advice)
    for passage in worksheet.passages:
        lines: tuple[_SpokenLine, ...] = (passage, *passage.statements)
        for one in lines:
            if one.speaker and one.speaker.is_role and one.speaker.name not in roles:
                name = one.speaker.name
                advice = f'Write `role {name} person:NAME post:NAME LABEL "post as printed"`.'
                yield WorksheetProblem(one.line, f"There is no role {name}.", advice)


def _labels_used(worksheet: Worksheet) -> Iterator[tuple[int, str]]:
    for passage in worksheet.passages:
        yield from ((passage.line, label) for label in passage.supports)
        for statement in passage.statements:
            yield from ((statement.line, label) for label in statement.supports)
    yield from ((role.line, role.passage) for role in worksheet.roles)


def _check_figures(worksheet: Worksheet, known: KnownThings) -> Iterator[WorksheetProblem]:
    names = [thing.name.removeprefix("indicator:") for thing in known.of_kind("indicator")]
    for statement in worksheet.statements:
        if statement.acceptance is Acceptance.PROPOSED:
            continue
        for figure in statement.figures:
            if figure.indicator not in names:
                near = difflib.get_close_matches(figure.indicator, names, n=3, cutoff=_NEAR)
                advice = f"Write {', '.join(near)}, or find one" if near else "Find one"
                advice += " with `forumkg terms WORDS`; `forumkg terms --add` adds a new population."
                message = f"There is no indicator {figure.indicator}."
                yield WorksheetProblem(statement.line, message, advice)


def _check_codes(worksheet: Worksheet, known: KnownThings) -> Iterator[WorksheetProblem]:
    uses = [(0, "language-quality", value) for value in worksheet.values("quality")]
    for passage in worksheet.passages:
        uses.append((passage.line, "source-part", passage.part))
        if passage.omission:
            uses.append((passage.line, "omission-reason", passage.omission))
    for line, scheme, value in uses:
        codes = [
            thing.name.removeprefix("code:")
            for thing in known.of_kind("code")
            if thing.value("inScheme") == f"scheme:{scheme}"
        ]
        if value not in codes:
            message = f"{value!r} is not a {scheme.replace('-', ' ')}."
            yield WorksheetProblem(line, message, f"Write one of: {', '.join(codes)}.")
