"""Make a worksheet of an article's triples and its text: the inverse of `compiler`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.mapping.compiler import compile_worksheet, default_role_label
from forumkg.mapping.figures import Bounds, figure_of
from forumkg.mapping.known_things import KnownThings, local_name
from forumkg.mapping.placing import place_passages
from forumkg.mapping.worksheet import (
    FACT_KEYS,
    LANGUAGES,
    Acceptance,
    SpeakerRef,
    TaggedText,
    Worksheet,
    WorksheetFact,
    WorksheetFigure,
    WorksheetPassage,
    WorksheetRole,
    WorksheetStatement,
)
from forumkg.namespaces import ID, PREFIXES, SKOS, ZGC, shorten
from forumkg.rdf.turtle.order import natural
from forumkg.texts.reading import Text

__all__ = ["make_worksheet"]

_SPAN: Final = re.compile(r"/char=([0-9]+),([0-9]+)$")
_SHOWN: Final = 3
_ORGANIZATIONS: Final = (
    ("publisher", "isPublishedBy"),
    ("distributor", "isDistributedBy"),
    ("carrier", "isCarriedBy"),
)

_Object: TypeAlias = ox.NamedNode | ox.Literal


class _Facts:
    """The values of the properties of subjects."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.by_subject: defaultdict[str, defaultdict[str, list[_Object]]]
        self.by_subject = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode) and isinstance(
                triple.object, ox.NamedNode | ox.Literal
            ):
                self.by_subject[triple.subject.value][triple.predicate.value].append(triple.object)

    def all(self, subject: str, predicate: str) -> list[str]:
        """Return the values as text, in natural order."""
        values = self.by_subject[subject][_full(predicate)]
        return sorted((value.value for value in values), key=natural)

    def one(self, subject: str, predicate: str) -> str:
        """Return the first value as text; empty without one."""
        return next(iter(self.all(subject, predicate)), "")

    def tagged(self, subject: str, predicate: str) -> list[TaggedText]:
        """Return the values with their languages."""
        values = self.by_subject[subject][_full(predicate)]
        return [
            TaggedText(value.value, value.language or "")
            for value in sorted(values, key=str)
            if isinstance(value, ox.Literal)
        ]

    def subjects(self, class_: str) -> list[str]:
        """Return the subjects of one of our classes, in natural order."""
        type_ = f"{PREFIXES['rdf']}type"
        wanted = ox.NamedNode(f"{ZGC}{class_}")
        found = (name for name, facts in self.by_subject.items() if wanted in facts.get(type_, ()))
        return sorted(found, key=natural)


def make_worksheet(
    article: Iterable[ox.Triple],
    curation: Iterable[ox.Triple],
    text: Text,
    known: KnownThings,
    file: str = "",
) -> Worksheet:
    """Return the worksheet that compiles to these triples.

    Args:
        article: the triples of the article's file.
        curation: the curators' judgements on its statements and roles, others are ignored.
        text: the text of the article.
        known: the graph.
        file: the name of the text's file for the worksheet.

    Raises:
        DataError: the text is another one, or the file has a triple that no worksheet can say.
    """
    triples = frozenset(article)
    facts = _Facts(triples)
    names = facts.subjects("Article")
    if len(names) != 1:
        raise DataError(f"The file describes {len(names)} articles: a worksheet is for one.")
    if facts.one(names[0], "sha256") != text.sha256:
        raise DataError(f"{text.name} is not the text of {shorten(names[0])}: its SHA-256 is another.")
    judged = [triple for triple in curation if _concerns(triple, triples)]
    worksheet = _Decompiler(facts, _Facts(judged), names[0], text, known).worksheet(file)
    placed, problems = place_passages(worksheet, text)
    compiled = compile_worksheet(worksheet, placed, known)
    problem = next(iter((*problems, *compiled.problems)), None)
    if problem:
        raise DataError(f"No worksheet can be made of {shorten(names[0])}: {problem.message}")
    lost = (triples ^ compiled.article) | (frozenset(judged) ^ compiled.curation)
    if lost:
        shown = "; ".join(sorted(map(str, lost))[:_SHOWN])
        raise DataError(f"A worksheet cannot say {len(lost)} triples of {shorten(names[0])}: {shown}.")
    return worksheet


def _concerns(triple: ox.Triple, triples: frozenset[ox.Triple]) -> bool:
    """Whether a judgement is about a statement or a role holding of these triples."""
    return isinstance(triple.subject, ox.NamedNode) and any(one.subject == triple.subject for one in triples)


class _Decompiler:
    """Reads one article."""

    def __init__(self, facts: _Facts, judged: _Facts, iri: str, text: Text, known: KnownThings) -> None:
        self._facts = facts
        self._judged = judged
        self._iri = iri
        self._text = text
        self._known = known
        self._language = self._tag() or "en"
        self._labels: dict[str, str] = {}

    def _tag(self) -> str:
        """Return the tag of the article's language; nothing where it has none, or another one."""
        named = self._facts.one(self._iri, f"{PREFIXES['dcterms']}language")
        return next((tag for tag, iri in LANGUAGES.items() if iri == named), "")

    def worksheet(self, file: str) -> Worksheet:
        """Return the worksheet."""
        passages = [*self._facts.subjects("Passage"), *self._facts.subjects("OmittedPassage")]
        passages.sort(key=_span)
        statements = self._statements(passages)
        roles = self._facts.subjects("RoleHolding")
        self._label(passages, statements, roles)
        about = _most_common(
            [self._name(self._facts.one(one, "isAbout")) for ones in statements.values() for one in ones]
        )
        return Worksheet(
            tuple(self._meta(file, about)),
            tuple(self._passage(one, statements[one], about) for one in passages),
            tuple(map(self._role, roles)),
        )

    def _statements(self, passages: list[str]) -> dict[str, list[str]]:
        """Return the statements below each passage: the last one in the text that supports them."""
        found: dict[str, list[str]] = {passage: [] for passage in passages}
        iris = {iri for iri, facts in self._facts.by_subject.items() if f"{ZGC}hasStance" in facts}
        for iri in sorted(iris, key=natural):
            supports = [one for one in self._facts.all(iri, "isSupportedBy") if one in found]
            if not supports:
                raise DataError(f"{shorten(iri)} rests on no passage of the article.")
            found[max(supports, key=_span)].append(iri)
        return found

    def _label(self, passages: list[str], statements: Mapping[str, list[str]], roles: list[str]) -> None:
        """Give labels to the passages that another line refers to."""
        used = {self._facts.one(role, "isAttestedBy") for role in roles}
        for passage, ones in statements.items():
            used |= {support for one in ones for support in self._facts.all(one, "isSupportedBy")} - {passage}
        labelled = [passage for passage in passages if passage in used]
        self._labels = {passage: f"p{number}" for number, passage in enumerate(labelled, start=1)}

    def _meta(self, file: str, about: str) -> Iterable[tuple[str, str]]:
        facts, iri = self._facts, self._iri
        yield "article", iri.removeprefix(f"{ID}article/")
        if file:
            yield "text", file
        if about:
            yield "about", about
        for label in facts.tagged(iri, f"{SKOS}prefLabel"):
            yield "label", _line(label)
        for key, predicate in _ORGANIZATIONS:
            yield from ((key, self._name(value)) for value in facts.all(iri, predicate))
        if language := self._tag():
            yield "language", language
        if quality := facts.one(iri, "hasLanguageQuality"):
            yield "quality", quality.removeprefix(f"{ID}code/")
        yield from (("issued", value) for value in facts.all(iri, f"{PREFIXES['dcterms']}issued"))
        yield from (("url", value) for value in facts.all(iri, f"{PREFIXES['schema']}url"))
        for key, predicate in (("writer", "isWrittenBy"), ("editor", "isEditedBy")):
            yield from ((key, self._name(value)) for value in facts.all(iri, predicate))
        for predicate in ("editorialNote", "translatedNote"):
            yield from (("note", _line(note)) for note in facts.tagged(iri, predicate))

    def _passage(self, iri: str, statements: list[str], about: str) -> WorksheetPassage:
        start, end = _span(iri)
        return WorksheetPassage(
            words=" ".join(self._text.content[start:end].split()),
            part=self._facts.one(iri, "hasSourcePart").removeprefix(f"{ID}code/"),
            label=self._labels.get(iri),
            omission=self._facts.one(iri, "hasOmissionReason").removeprefix(f"{ID}code/") or None,
            attests=iri in self._facts.all(self._iri, "isAttestedBy"),
            statements=tuple(self._statement(one, iri, about) for one in statements),
        )

    def _statement(self, iri: str, passage: str, about: str) -> WorksheetStatement:
        facts, judged = self._facts, self._judged
        subject = self._name(facts.one(iri, "isAbout"))
        others = sorted((one for one in facts.all(iri, "isSupportedBy") if one != passage), key=_span)
        number = iri.rpartition("/")[2]
        if not number.isdecimal():
            raise DataError(f"{shorten(iri)} does not end with a number.")
        return WorksheetStatement(
            Acceptance.ACCEPTED if judged.all(iri, "isAcceptedFor") else Acceptance.OPEN,
            facts.one(iri, "hasStance").removeprefix(f"{ID}code/"),
            facts.one(iri, "paraphrase"),
            int(number),
            None if subject == about else subject,
            tuple(self._labels[one] for one in others),
            self._things(iri),
            tuple(map(self._figure, facts.all(iri, "hasQuantity"))),
            tuple(map(self._untagged, facts.tagged(iri, "wording"))),
            self._speaker(iri),
            True if facts.one(iri, "hasSpeechMode").endswith("/direct") else None,
            judged.one(iri, "hasRank").removeprefix(f"{ID}code/") or None,
            judged.one(iri, "editorialNote") or None,
            facts.one(iri, "translatedParaphrase") or None,
            judged.one(iri, "translatedNote") or None,
        )

    def _things(self, iri: str) -> tuple[WorksheetFact, ...]:
        role = self._facts.one(iri, "hasParticipationRole").removeprefix(f"{ID}code/")
        found = []
        for key, fact in FACT_KEYS.items():
            if fact.role in (None, role):
                values = self._facts.all(iri, fact.predicate)
                found += [WorksheetFact(key, self._name(value)) for value in values]
        return tuple(found)

    def _figure(self, iri: str) -> WorksheetFigure:
        facts = self._facts
        ratio = facts.one(iri, "ratio")
        number = (
            Decimal(ratio).scaleb(2).normalize() if ratio else Decimal(facts.one(iri, "statedNumber") or 0)
        )
        return figure_of(
            facts.one(iri, "hasIndicator").removeprefix(f"{ID}indicator/"),
            facts.one(iri, "hasComparator").removeprefix(f"{ID}code/"),
            number,
            "%" if ratio else facts.one(iri, "unit") + facts.one(iri, "currency"),
            Bounds(
                _decimal(facts.one(iri, "lowerBound")),
                facts.one(iri, "isLowerOpen") == "true",
                _decimal(facts.one(iri, "upperBound")),
                facts.one(iri, "isUpperOpen") == "true",
            ),
            facts.one(iri, "asOf") or None,
        )

    def _speaker(self, iri: str) -> SpeakerRef | None:
        if role := self._facts.one(iri, "isSaidAs"):
            return SpeakerRef(role.removeprefix(f"{ID}role/"), is_role=True)
        agent = self._facts.one(iri, "isAttributedTo")
        return SpeakerRef(self._name(agent), is_role=False) if agent else None

    def _role(self, iri: str) -> WorksheetRole:
        facts = self._facts
        day = facts.one(iri, "asOf")
        name = iri.removeprefix(f"{ID}role/")
        wordings = facts.tagged(iri, "wording")
        role = WorksheetRole(
            name,
            self._name(facts.one(iri, "hasHolder")),
            self._name(facts.one(iri, "isHoldingOf")),
            self._labels[facts.one(iri, "isAttestedBy")],
            self._untagged(wordings[0]) if wordings else TaggedText(""),
            as_of="" if name.endswith(day) else day,
            note=self._judged.one(iri, "editorialNote") or None,
            chinese_note=self._judged.one(iri, "translatedNote") or None,
        )
        label = facts.one(iri, f"{SKOS}prefLabel")
        return role if label == default_role_label(role, {}, self._known) else _with_label(role, label)

    def _name(self, iri: str) -> str:
        name = local_name(iri)
        if iri and not name:
            raise DataError(f"A worksheet has no name for {shorten(iri)}.")
        return name

    def _untagged(self, wording: TaggedText) -> TaggedText:
        return TaggedText(wording.text) if wording.language == self._language else wording


def _with_label(role: WorksheetRole, label: str) -> WorksheetRole:
    return replace(role, label=label)


def _line(tagged: TaggedText) -> str:
    """Return a text and its language for a line about the article; English goes without saying."""
    is_plain = tagged.language == "en" and not re.search(r"@[a-z]{2}$", tagged.text)
    return tagged.text if is_plain else f"{tagged.text}@{tagged.language}"


def _full(predicate: str) -> str:
    return predicate if ":" in predicate else f"{ZGC}{predicate}"


def _span(iri: str) -> tuple[int, int]:
    match = _SPAN.search(iri)
    if match is None:
        raise DataError(f"{shorten(iri)} does not end with char=START,END.")
    return int(match[1]), int(match[2])


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _most_common(names: list[str]) -> str:
    return max(sorted(set(names)), key=names.count, default="")
