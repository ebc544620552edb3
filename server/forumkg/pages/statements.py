"""Statements as pages show them: what is said, by whom, in which capacity, and in which passage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from forumkg.namespaces import ID
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import N_, gettext, translate
from forumkg.pages.names import LONGEST_NOTE, cut
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.quantities import Quantity, read_quantity
from forumkg.pages.stances import stance_of, stance_words
from forumkg.pages.translated_text import capitalized, plain

__all__ = [
    "CitedPassage",
    "Speaker",
    "Statement",
    "anchor_of",
    "read_passage",
    "read_statements",
    "statements_together",
]

# How far down a text a passage lies, by the share of the text before its middle.
_PLACES: Final = (
    (0.0, N_("near the beginning of the text")),
    (0.1, N_("about a tenth down the text")),
    (0.2, N_("about a fifth down the text")),
    (0.25, N_("about a quarter down the text")),
    (1 / 3, N_("about a third down the text")),
    (0.5, N_("about halfway down the text")),
    (2 / 3, N_("about two thirds down the text")),
    (0.75, N_("about three quarters down the text")),
    (0.8, N_("about four fifths down the text")),
    (0.9, N_("about nine tenths down the text")),
    (1.0, N_("near the end of the text")),
)
# What a speech mode is called on pages, by its label in the vocabulary.
_MODES: Final = {"direct speech": N_("quoted directly"), "indirect speech": N_("quoted indirectly")}


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage: the part of the text that it lies in, and its span in code points of a text of a length.

    Attributes:
        names_speaker: whether it attests the post in which the statement is said.
    """

    iri: str
    article: str
    start: int
    end: int
    length: int
    part: str = ""
    names_speaker: bool = False

    @property
    def share(self) -> str:
        """How far down the text it lies: `about a third down the text`; empty for a text without length."""
        if self.length <= 0:
            return ""
        share = (self.start + self.end) / (2 * self.length)
        return translate(min(_PLACES, key=lambda place: abs(place[0] - share))[1])


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something; the role, the post and the organization where it is said in a post."""

    iri: str
    name: str
    role: str = ""
    post: str = ""
    organization: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it is shown.

    Attributes:
        says: the paraphrase.
        wording: a name or title as it is printed.
        stance: `planned`, `ongoing` or `accomplished`, as the graph names it.
        rank: `preferred` or `deprecated`; empty for a normal one.
        mode: how speech is given, where a speaker is quoted.
        article: the IRI of the article, and beside it its name, publisher, day and kind of English.
        carriers: the names of the agents on whose sites the text was read, the publisher among them or not.
        speakers: the speakers; none in the article's own voice.
        passages: the passages that support it, in the order of the text.
        figures: the quantities that it gives.
        notes: of the curators.
        url: the web address of the article; empty where it is unknown.
    """

    iri: str
    says: str
    article: str
    article_name: str
    publisher: str = ""
    publisher_name: str = ""
    issued: date | None = None
    quality: str = ""
    carriers: tuple[str, ...] = ()
    wording: tuple[str, ...] = ()
    stance: str = ""
    rank: str = ""
    mode: str = ""
    speakers: tuple[Speaker, ...] = ()
    passages: tuple[CitedPassage, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    notes: tuple[str, ...] = ()
    url: str = ""

    @property
    def anchor(self) -> str:
        """The id of the element that shows it on a page."""
        return anchor_of(self.iri)

    @property
    def republishers(self) -> tuple[str, ...]:
        """The carriers other than the publisher."""
        return tuple(name for name in self.carriers if plain(name) != plain(self.publisher_name))

    @property
    def disputed(self) -> bool:
        """Whether the curators judge it wrong."""
        return self.rank == "deprecated"

    @property
    def judgement(self) -> str:
        """The judgement that goes with the statement wherever it is shown, in the language of the page."""
        return translate(self.english_judgement)

    @property
    def english_judgement(self) -> str:
        """The judgement in English: `judged wrong`, `impossible`, or none."""
        if self.disputed:
            return N_("judged wrong")
        is_impossible = any(quantity.is_impossible for quantity in self.quantities)
        return N_("impossible") if is_impossible else ""

    @property
    def headline(self) -> str:
        """The paraphrase as a headline in English; what is not true is not a headline without saying so."""
        judgement = self.english_judgement
        return f"{judgement.capitalize()}: {self.says}" if judgement else self.says

    @property
    def shown_headline(self) -> str:
        """The headline in the language of the page, without markup."""
        if not self.judgement:
            return plain(self.says)
        words = {"judgement": plain(capitalized(self.judgement)), "paraphrase": plain(self.says)}
        return gettext("%(judgement)s: %(paraphrase)s") % words

    @property
    def stance_words(self) -> str:
        """The stance as pages write it in their language: `planned`, `printed as ongoing`, `reported`."""
        return stance_words(self.stance)

    @property
    def remarks(self) -> str:
        """The judgement and the stance, as text beside the paraphrase: `judged wrong, planned`."""
        return gettext(", ").join(filter(None, (self.judgement, self.stance_words)))

    @property
    def english_stance(self) -> str:
        """The stance in English, as citations have it."""
        return stance_of(self.stance).words

    @property
    def speech(self) -> str:
        """How the article gives the words of a speaker: `quoted directly`, `quoted indirectly`."""
        return translate(_MODES.get(self.mode, self.mode))


def anchor_of(iri: str) -> str:
    """Return the id that the element of a thing has on a page, such as `statement-china-daily-2021-8`."""
    return iri.removeprefix(ID).replace("/", "-")


def read_statements(graph: Graph, statements: Iterable[str]) -> tuple[Statement, ...]:
    """Return the known ones of some statements, in the order in which they are given.

    Three queries, however many statements.
    """
    wanted = tuple(dict.fromkeys(statements))
    if not wanted:
        return ()
    rows, passages, quantities = (
        _by_statement(graph.select(page_query(name, statements=iris(wanted)).text))
        for name in ("statements", "statement-passages", "statement-quantities")
    )
    return tuple(
        _statement(
            rows[iri], tuple(map(read_passage, passages[iri])), tuple(map(read_quantity, quantities[iri]))
        )
        for iri in wanted
        if rows[iri]
    )


def statements_together(statements: Iterable[Statement]) -> tuple[tuple[Statement, ...], ...]:
    """Return statements by article, first those of the article itself, then those of each of its speakers."""
    articles: dict[str, dict[tuple[Speaker, ...], list[Statement]]] = {}
    for statement in statements:
        articles.setdefault(statement.article, {}).setdefault(statement.speakers, []).append(statement)
    return tuple(
        tuple(by_speakers[speakers])
        for by_speakers in articles.values()
        for speakers in sorted(by_speakers, key=bool)
    )


def _by_statement(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.iri("statement")].append(row)
    return found


def read_passage(row: Row) -> CitedPassage:
    """Return the passage of a row that has its `passage`, `article`, `start`, `end`, `length` and `part`.

    The row may have `namesSpeaker`.
    """
    return CitedPassage(
        row.iri("passage"),
        row.iri("article"),
        row.count("start"),
        row.count("end"),
        row.count("length"),
        row.text("part"),
        row.flag("namesSpeaker"),
    )


def _statement(
    rows: Sequence[Row], passages: tuple[CitedPassage, ...], quantities: tuple[Quantity, ...]
) -> Statement:
    """Return the statement of its rows, which differ where something has several values."""
    first = rows[0]
    return Statement(
        iri=first.iri("statement"),
        says=cut(first.text("paraphrase")),
        article=first.iri("article"),
        article_name=cut(first.text("articleName")),
        publisher=first.iri("publisher"),
        publisher_name=cut(first.text("publisherName")),
        issued=first.date("issued"),
        quality=first.text("quality"),
        carriers=tuple(map(cut, _values(rows, "carrier"))),
        wording=tuple(map(cut, _values(rows, "wording"))),
        stance=first.text("stance"),
        rank=first.text("rank"),
        mode=first.text("mode"),
        speakers=tuple(dict.fromkeys(_speaker(row) for row in rows if row.iri("speaker"))),
        passages=passages,
        quantities=quantities,
        notes=tuple(cut(note, LONGEST_NOTE) for note in _values(rows, "note")),
        url=_web(first.text("url")),
    )


def _web(url: str) -> str:
    """Return an address that a page may link to; empty for one that is not of the web."""
    return url if url.startswith(("http://", "https://")) else ""


def _values(rows: Iterable[Row], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.text(name) for row in rows if name in row))


def _speaker(row: Row) -> Speaker:
    return Speaker(
        row.iri("speaker"),
        cut(row.text("speakerName")),
        row.iri("role"),
        cut(row.text("post")),
        cut(row.text("organization")),
    )
