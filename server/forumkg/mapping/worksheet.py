"""The values of a worksheet: an article text cut into passages, with its statements between.

`parser` reads them from text, `writer` writes them, `compiler` makes triples of them. Names of things are
prefixed names without their namespace, such as `edition:2025`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

__all__ = [
    "FACT_KEYS",
    "LANGUAGES",
    "META_KEYS",
    "OPERATORS",
    "PLACEHOLDER",
    "STANCES",
    "Acceptance",
    "Bound",
    "FactKey",
    "NewThing",
    "SpeakerRef",
    "TaggedText",
    "Worksheet",
    "WorksheetFact",
    "WorksheetFigure",
    "WorksheetPassage",
    "WorksheetProblem",
    "WorksheetRole",
    "WorksheetStatement",
]

# What a proposal leaves to be filled in.
PLACEHOLDER: Final = "NAME"

STANCES: Final = ("planned", "ongoing", "accomplished")

# The operator of a figure, and its comparator in the vocabulary.
OPERATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "=": "exact",
        ">": "more-than",
        "<": "nearly",
        ">=": "at-least",
        "<=": "at-most",
        "~": "about",
    }
)


@dataclass(frozen=True, slots=True)
class FactKey:
    """What a key of a statement line stands for.

    Attributes:
        predicate: the property of the statement, without its namespace.
        kind: the class of the statement that has it; None for a plain statement.
        prefix: the prefix of a value without one; None where the value must have one.
        role: the participation role, without its namespace; None for none.
    """

    predicate: str
    kind: str | None = None
    prefix: str | None = None
    role: str | None = None


def _participation(predicate: str, role: str | None) -> FactKey:
    return FactKey(predicate, "ParticipationStatement", role=role)


FACT_KEYS: Final[Mapping[str, FactKey]] = MappingProxyType(
    {
        "theme": FactKey("statesTheme", "ThemeStatement", "theme"),
        "topic": FactKey("statesTopic", prefix="topic"),
        "period": FactKey("statesPeriod", "PeriodStatement", "period"),
        "founded": FactKey("statesFoundingPeriod", "PeriodStatement", "period"),
        "place": FactKey("statesPlace", prefix="place"),
        "location": FactKey("statesLocation", prefix="place"),
        "outcome": FactKey("statesOutcome", "OutcomeStatement", "outcome"),
        "host": _participation("statesHost", "host"),
        "cohost": _participation("statesHost", "co-host"),
        "organizer": _participation("statesOrganizer", "organizer"),
        "attendee": _participation("statesAttendee", "attendee"),
        "invitee": _participation("statesAttendee", "invitee"),
        "speaker": _participation("statesAttendee", "speaker"),
        "exhibitor": _participation("statesAttendee", "exhibitor"),
        "supporter": _participation("statesParticipant", "supporter"),
        "participant": _participation("statesParticipant", None),
    }
)

# The languages of articles by their tag, as dcterms:language names them.
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "http://publications.europa.eu/resource/authority/language/ENG",
        "zh": "http://publications.europa.eu/resource/authority/language/ZHO",
    }
)

# The lines about the article, in the order in which they are written.
META_KEYS: Final = (
    "article",
    "text",
    "about",
    "label",
    "publisher",
    "distributor",
    "carrier",
    "language",
    "quality",
    "issued",
    "url",
    "writer",
    "editor",
    "length",
    "sha256",
    "note",
)


class Acceptance(StrEnum):
    """Whether the curators accept a statement; a proposal is not compiled."""

    ACCEPTED = "*"
    OPEN = "-"
    PROPOSED = "?"


@dataclass(frozen=True, slots=True)
class WorksheetProblem:
    """What is wrong on a line of a worksheet, and what to write instead.

    Attributes:
        line: counts from 1; 0 for the worksheet as a whole.
        is_warning: whether it keeps nothing from being written.
    """

    line: int
    message: str
    advice: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A text and its language; the empty language is the article's own."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound that replaces the one that follows from the operator of a figure: `>=20`."""

    operator: str
    number: Decimal


@dataclass(frozen=True, slots=True)
class WorksheetFigure:
    """A figure, such as `fund-size~1.55e9USD`.

    Attributes:
        indicator: the name of the indicator.
        operator: a key of `OPERATORS`.
        number: as printed: its last digit gives the bounds of an approximation.
        unit: `%` for a share, a currency, or a UCUM code; empty for a count.
        bounds: those that the operator does not give.
        as_of: the day for which it is attested.
    """

    indicator: str
    operator: str
    number: Decimal
    unit: str = ""
    bounds: tuple[Bound, ...] = ()
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class WorksheetFact:
    """A thing that a statement names: `theme=theme:2025-annual`."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class SpeakerRef:
    """Who says something: a role holding of the worksheet (`as`), or an agent (`by`)."""

    name: str
    is_role: bool


@dataclass(frozen=True, slots=True)
class WorksheetStatement:
    """A line of a statement, with those below it: the paraphrase in Chinese, the note, and its Chinese."""

    acceptance: Acceptance
    stance: str
    paraphrase: str
    number: int | None = None
    about: str | None = None
    supports: tuple[str, ...] = ()
    facts: tuple[WorksheetFact, ...] = ()
    figures: tuple[WorksheetFigure, ...] = ()
    wordings: tuple[TaggedText, ...] = ()
    speaker: SpeakerRef | None = None
    is_direct: bool | None = None
    rank: str | None = None
    note: str | None = None
    chinese: str | None = None
    chinese_note: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class WorksheetPassage:
    """A passage with its statements, and what holds for all of them.

    Attributes:
        words: the words, single spaces between them; empty where offsets and digest stand for them.
        span: start and end in code points of the text; None where the words are given.
        sha256: the digest of the passage, with `span` only.
        part: the part of the article, a coded value.
        label: the name by which other lines refer to it.
        omission: why it is omitted, a coded value.
        attests: whether the article's own metadata rest on it.
    """

    words: str = ""
    span: tuple[int, int] | None = None
    sha256: str = ""
    part: str = "body"
    label: str | None = None
    omission: str | None = None
    attests: bool = False
    about: str | None = None
    supports: tuple[str, ...] = ()
    speaker: SpeakerRef | None = None
    is_direct: bool | None = None
    statements: tuple[WorksheetStatement, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class WorksheetRole:
    """A person in a post, attested by a passage on a day.

    Attributes:
        name: the name of the role holding, which ends with the day.
        holder: the person.
        post: the post.
        passage: the label of the passage.
        wording: the post as printed.
        label: the label; empty for the one that follows from holder, post and day.
        as_of: the day, where the name does not end with it.
    """

    name: str
    holder: str
    post: str
    passage: str
    wording: TaggedText
    label: str = ""
    as_of: str = ""
    note: str | None = None
    chinese_note: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class NewThing:
    """A thing that the graph does not have yet.

    Attributes:
        name: its prefixed name.
        labels: its name, one in each language.
        others: its other names.
        details: what else is known: `in`, `kind`, `broader`, `first`, `last`, `note`.
    """

    name: str
    labels: tuple[TaggedText, ...] = ()
    others: tuple[TaggedText, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A whole worksheet.

    Attributes:
        meta: the lines about the article: key and value, in their order.
    """

    meta: tuple[tuple[str, str], ...] = ()
    passages: tuple[WorksheetPassage, ...] = ()
    roles: tuple[WorksheetRole, ...] = ()
    new: tuple[NewThing, ...] = ()

    def value(self, key: str) -> str:
        """Return the value of a line about the article; empty without one."""
        return next((value for name, value in self.meta if name == key), "")

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values of all lines with this key."""
        return tuple(value for name, value in self.meta if name == key)

    @property
    def statements(self) -> tuple[WorksheetStatement, ...]:
        """All statements, in the order of the worksheet."""
        return tuple(statement for passage in self.passages for statement in passage.statements)
