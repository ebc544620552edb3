"""Compile a worksheet to triples: the article, the curators' judgements, and the things that it brings in.

Everything that the worksheet does not say follows: classes, selectors, digests, IRIs of quantities, bounds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from forumkg.mapping.figures import bounds_of
from forumkg.mapping.known_things import KnownThings, full_iri
from forumkg.mapping.placing import PlacedPassage, PlacedText
from forumkg.mapping.references import check_references, references
from forumkg.mapping.stubs import MONTHS, derived_thing, thing_triples
from forumkg.mapping.worksheet import (
    FACT_KEYS,
    LANGUAGES,
    OPERATORS,
    Acceptance,
    NewThing,
    TaggedText,
    Worksheet,
    WorksheetFigure,
    WorksheetPassage,
    WorksheetProblem,
    WorksheetRole,
    WorksheetStatement,
)
from forumkg.namespaces import ID, OA, PREFIXES, SKOS, ZGC
from forumkg.rdf.terms import english

__all__ = ["Compiled", "compile_worksheet", "default_role_label", "statement_numbers"]

_XSD: Final = PREFIXES["xsd"]
_TYPE: Final = ox.NamedNode(f"{PREFIXES['rdf']}type")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DAY_AT_END: Final = re.compile(r".*([0-9]{4}-[0-9]{2}-[0-9]{2})")
_TAGGED: Final = re.compile(r"(.*?)(?:@([a-z]{2}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a worksheet becomes.

    Attributes:
        name: the name of the article.
        article: the triples of its file.
        curation: the triples for `graph/curation.ttl`.
        entities: the triples for `graph/entities.ttl`.
        lines: the line of the worksheet for each IRI that it describes.
        numbers: the number given to each statement without one, by line.
        derived: the things that no `new` line describes: their descriptions follow from their names.
        known_already: the names on `new` lines that the graph has.
    """

    name: str
    article: frozenset[ox.Triple]
    curation: frozenset[ox.Triple]
    entities: frozenset[ox.Triple]
    lines: Mapping[str, int]
    numbers: Mapping[int, int]
    derived: tuple[NewThing, ...] = ()
    known_already: tuple[str, ...] = ()
    problems: tuple[WorksheetProblem, ...] = field(default=())


def compile_worksheet(worksheet: Worksheet, placed: PlacedText, known: KnownThings) -> Compiled:
    """Return the triples of a worksheet, and the problems of what it names.

    Args:
        worksheet: as parsed; proposals are left out.
        placed: its passages with offsets and digests.
        known: the graph without this article.
    """
    name = worksheet.value("article")
    problems = [*_meta_problems(worksheet), *check_references(worksheet, known)]
    labels = {one.passage.label: one for one in placed.passages if one.passage.label}
    builder = _Builder(name, worksheet.value("language") or "en", worksheet.value("about"), labels)
    builder.article_metadata(worksheet, placed)
    for one in placed.passages:
        builder.passage(one)
    numbers = statement_numbers(worksheet)
    for one in placed.passages:
        for statement in one.passage.statements:
            if number := numbers.get(id(statement)):
                builder.statement(statement, one, number)
    for role in worksheet.roles:
        builder.role(role, known, worksheet.new)
    described = {thing.name for thing in worksheet.new}
    wanted = dict.fromkeys(one.name for one in references(worksheet) if one.name not in described)
    derived = [derived_thing(name, known) for name in _with_parents(wanted, known) if name not in known]
    things = [thing for thing in worksheet.new if thing.name not in known]
    stubs = tuple(thing for thing in derived if thing)
    return Compiled(
        name,
        frozenset(builder.article),
        frozenset(builder.curation),
        frozenset(triple for thing in (*things, *stubs) for triple in thing_triples(thing)),
        builder.lines | {full_iri(thing.name): thing.line for thing in worksheet.new},
        {
            one.line: numbers[id(one)]
            for one in worksheet.statements
            if one.number is None and id(one) in numbers
        },
        stubs,
        tuple(thing.name for thing in worksheet.new if thing.name in known),
        tuple(sorted([*problems, *builder.problems], key=lambda problem: problem.line)),
    )


def statement_numbers(worksheet: Worksheet) -> dict[int, int]:
    """Return the number of each statement that is not a proposal, by its `id`.

    Statements without a number get the next ones after the largest, so that no other is renumbered.
    """
    kept = [one for one in worksheet.statements if one.acceptance is not Acceptance.PROPOSED]
    largest = max((one.number or 0 for one in worksheet.statements), default=0)
    numbers = {}
    for statement in kept:
        if statement.number is None:
            largest += 1
        numbers[id(statement)] = largest if statement.number is None else statement.number
    return numbers


def default_role_label(role: WorksheetRole, names: Mapping[str, str], known: KnownThings) -> str:
    """Return the label of a role holding: "Li Meng as vice minister of …, September 2021".

    Where another one of that month has this label, the day is in it.

    Args:
        role: the role holding.
        names: labels of persons and posts that the graph does not have.
        known: the graph.
    """
    things = {**{thing.name: thing.label() for thing in known.of_kind("person", "post")}, **names}
    day = _day(role)
    month = f"{MONTHS[(int(day[5:7]) - 1) % 12]} {day[:4]}" if day else ""
    label = f"{things.get(role.holder, role.holder)} as {things.get(role.post, role.post)}, "
    taken = {other.label() for other in known.of_kind("role") if other.name != f"role:{role.name}"}
    return f"{label}{int(day[8:])} {month}" if day and f"{label}{month}" in taken else f"{label}{month}"


def _meta_problems(worksheet: Worksheet) -> Iterator[WorksheetProblem]:
    needed = {
        "article": "article publisher-2025-04-01",
        "publisher": "publisher organization:xinhua",
        "carrier": "carrier organization:xinhua (whose site the text was on)",
        "quality": "quality edited, original, machine-translated or back-translated",
        "url": "url https://… (the address of the text)",
        "label": "label a short English name of the article",
    }
    for key, example in needed.items():
        if not worksheet.value(key):
            yield WorksheetProblem(0, f"There is no line `{key}`.", f"Write: {example}")
    name = worksheet.value("article")
    if name and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        advice = "Write publisher and day in small letters: xinhua-2025-04-01."
        yield WorksheetProblem(0, f"{name!r} cannot be the name of an article.", advice)


def _with_parents(names: Mapping[str, None], known: KnownThings) -> tuple[str, ...]:
    """Return the names, and those of the things that their derived descriptions refer to."""
    found = dict(names)
    for name in names:
        thing = derived_thing(name, known) if name not in known else None
        found |= {value: None for key, value in (thing.details if thing else ()) if key == "in"}
    return tuple(found)


def _day(role: WorksheetRole) -> str:
    match = _DAY_AT_END.fullmatch(role.name)
    return role.as_of or (match[1] if match else "")


@dataclass(slots=True)
class _Builder:
    """Collects the triples of one article."""

    name: str
    language: str
    about: str
    labels: Mapping[str, PlacedPassage]
    article: list[ox.Triple] = field(default_factory=list)
    curation: list[ox.Triple] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[WorksheetProblem] = field(default_factory=list)

    def article_metadata(self, worksheet: Worksheet, placed: PlacedText) -> None:
        """Describe the article itself."""
        node = self._node(f"{ID}article/{self.name}", 0)
        self._add(node, "type", _zgc("Article"))
        things = {
            "publisher": "isPublishedBy",
            "distributor": "isDistributedBy",
            "carrier": "isCarriedBy",
            "writer": "isWrittenBy",
            "editor": "isEditedBy",
        }
        named = [(predicate, value) for key, predicate in things.items() for value in worksheet.values(key)]
        for predicate, value in named:
            self._add(node, predicate, ox.NamedNode(full_iri(value)))
        if quality := worksheet.value("quality"):
            self._add(node, "hasLanguageQuality", _code(quality))
        # A tag without an IRI still says which language the wordings have.
        for language in (LANGUAGES[tag] for tag in worksheet.values("language") if tag in LANGUAGES):
            self._add(node, f"{PREFIXES['dcterms']}language", ox.NamedNode(language))
        for value in worksheet.values("url"):
            self._add(
                node, f"{PREFIXES['schema']}url", ox.Literal(value, datatype=ox.NamedNode(f"{_XSD}anyURI"))
            )
        for value in worksheet.values("issued"):
            self._add(node, f"{PREFIXES['dcterms']}issued", _date(value))
        for value in worksheet.values("label"):
            self._add(node, f"{SKOS}prefLabel", _tagged(value))
        for note in map(_tagged, worksheet.values("note")):
            self._add(node, "editorialNote" if note.language == "en" else "translatedNote", note)
        self._add(node, "codePointLength", _number(Decimal(placed.length)))
        self._add(node, "sha256", ox.Literal(placed.sha256))
        for one in placed.passages:
            if one.passage.attests:
                self._add(node, "isAttestedBy", self._passage_node(one))

    def passage(self, one: PlacedPassage) -> None:
        """Describe a passage and its selector."""
        node = self._passage_node(one)
        self.lines[node.value] = one.passage.line
        selector = self._node(f"{node.value}/selector", one.passage.line)
        self._add(node, "type", _zgc("OmittedPassage" if one.passage.omission else "Passage"))
        self._add(node, f"{OA}hasSource", ox.NamedNode(f"{ID}article/{self.name}"))
        self._add(node, f"{OA}hasSelector", selector)
        self._add(node, "hasSourcePart", _code(one.passage.part))
        if one.passage.omission:
            self._add(node, "hasOmissionReason", _code(one.passage.omission))
        self._add(node, "sha256", ox.Literal(one.sha256))
        self._add(selector, "type", ox.NamedNode(f"{OA}TextPositionSelector"))
        self._add(selector, f"{OA}start", _number(Decimal(one.start)))
        self._add(selector, f"{OA}end", _number(Decimal(one.end)))

    def statement(self, statement: WorksheetStatement, one: PlacedPassage, number: int) -> None:
        """Describe a statement with its quantities, and what the curators say of it."""
        node = self._node(f"{ID}statement/{self.name}/{number}", statement.line)
        about = statement.about or one.passage.about or self.about
        if not about:
            advice = "Write a line `about edition:2025` at the top, or about= on this line."
            self.problems.append(WorksheetProblem(statement.line, "The statement is about nothing.", advice))
            return
        kinds = {kind for fact in statement.facts if (kind := FACT_KEYS[fact.key].kind)}
        self._add(node, "isAbout", ox.NamedNode(full_iri(about)))
        self._add(node, "hasStance", _code(statement.stance))
        self._add(node, "paraphrase", english(statement.paraphrase))
        if statement.chinese:
            self._add(node, "translatedParaphrase", ox.Literal(statement.chinese, language="zh"))
        for support in self._supports(statement, one):
            self._add(node, "isSupportedBy", self._passage_node(support))
        for fact in statement.facts:
            self._add(node, FACT_KEYS[fact.key].predicate, ox.NamedNode(full_iri(fact.value)))
            if role := FACT_KEYS[fact.key].role:
                self._add(node, "hasParticipationRole", _code(role))
        for wording in statement.wordings:
            self._add(node, "wording", self._in_language(wording))
        kinds |= self._speech(node, statement, one.passage)
        for position, figure in enumerate(statement.figures, start=1):
            quantity = f"{number}" if position == 1 else f"{number}-{position}"
            self._add(node, "hasQuantity", self._quantity(quantity, figure, statement.line))
            kinds.add("FigureStatement")
        for kind in kinds or {"Statement"}:
            self._add(node, "type", _zgc(kind))
        self._judge(node, statement, about)

    def role(self, role: WorksheetRole, known: KnownThings, new: Sequence[NewThing]) -> None:
        """Describe a role holding."""
        node = self._node(f"{ID}role/{role.name}", role.line)
        passage = self.labels.get(role.passage)
        if passage is None or not _day(role):
            return  # reported by check_references
        names = {thing.name: thing.labels[0].text for thing in new if thing.labels}
        label = role.label or default_role_label(role, names, known)
        self._add(node, "type", _zgc("RoleHolding"))
        self._add(node, "hasHolder", ox.NamedNode(full_iri(role.holder)))
        self._add(node, "isHoldingOf", ox.NamedNode(full_iri(role.post)))
        self._add(node, "isAttestedBy", self._passage_node(passage))
        self._add(node, "asOf", _date(_day(role)))
        self._add(node, f"{SKOS}prefLabel", english(label))
        self._add(node, "wording", self._in_language(role.wording))
        self._note(node, role)

    def _speech(
        self, node: ox.NamedNode, statement: WorksheetStatement, passage: WorksheetPassage
    ) -> set[str]:
        speaker = statement.speaker or passage.speaker
        if speaker is None:
            return set()
        predicate = "isSaidAs" if speaker.is_role else "isAttributedTo"
        name = f"role:{speaker.name}" if speaker.is_role else speaker.name
        self._add(node, predicate, ox.NamedNode(full_iri(name)))
        is_direct = passage.is_direct if statement.is_direct is None else statement.is_direct
        self._add(node, "hasSpeechMode", _code("direct" if is_direct else "indirect"))
        return {"AttributedStatement"}

    def _supports(self, statement: WorksheetStatement, one: PlacedPassage) -> Iterator[PlacedPassage]:
        yield one
        for label in dict.fromkeys((*one.passage.supports, *statement.supports)):
            if support := self.labels.get(label):
                yield support

    def _quantity(self, name: str, figure: WorksheetFigure, line: int) -> ox.NamedNode:
        node = self._node(f"{ID}quantity/{self.name}/{name}", line)
        self._add(node, "type", _zgc("Quantity"))
        self._add(node, "hasIndicator", ox.NamedNode(full_iri(f"indicator:{figure.indicator}")))
        self._add(node, "hasComparator", _code(OPERATORS[figure.operator]))
        if figure.unit == "%":
            self._add(node, "ratio", _number(figure.number.scaleb(-2), is_decimal=True))
        else:
            self._add(node, "statedNumber", _number(figure.number))
            bounds = bounds_of(figure)
            if bounds.lower is not None:
                self._add(node, "lowerBound", _number(bounds.lower))
                self._add(node, "isLowerOpen", _boolean(value=bounds.lower_open))
            if bounds.upper is not None:
                self._add(node, "upperBound", _number(bounds.upper))
                self._add(node, "isUpperOpen", _boolean(value=bounds.upper_open))
            if figure.unit:
                key = "currency" if _CURRENCY.fullmatch(figure.unit) else "unit"
                self._add(node, key, ox.Literal(figure.unit))
        if figure.as_of:
            self._add(node, "asOf", _date(figure.as_of))
        return node

    def _judge(self, node: ox.NamedNode, statement: WorksheetStatement, about: str) -> None:
        if statement.acceptance is Acceptance.ACCEPTED:
            self._judgement(node, "isAcceptedFor", ox.NamedNode(full_iri(about)))
        if statement.rank:
            self._judgement(node, "hasRank", _code(statement.rank))
        self._note(node, statement)

    def _note(self, node: ox.NamedNode, line: WorksheetStatement | WorksheetRole) -> None:
        if line.note:
            self._judgement(node, "editorialNote", english(line.note))
        if line.chinese_note:
            self._judgement(node, "translatedNote", ox.Literal(line.chinese_note, language="zh"))

    def _in_language(self, wording: TaggedText) -> ox.Literal:
        return ox.Literal(wording.text, language=wording.language or self.language)

    def _passage_node(self, one: PlacedPassage) -> ox.NamedNode:
        return ox.NamedNode(f"{ID}article/{self.name}/char={one.start},{one.end}")

    def _node(self, iri: str, line: int) -> ox.NamedNode:
        self.lines[iri] = line
        return ox.NamedNode(iri)

    def _add(self, node: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        self.article.append(ox.Triple(node, _predicate(predicate), value))

    def _judgement(self, node: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        self.curation.append(ox.Triple(node, _predicate(predicate), value))


def _predicate(name: str) -> ox.NamedNode:
    if name == "type":
        return _TYPE
    return ox.NamedNode(name if ":" in name else f"{ZGC}{name}")


def _zgc(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{ZGC}{name}")


def _code(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{ID}code/{name.removeprefix('code:')}")


def _tagged(value: str) -> ox.Literal:
    match = _TAGGED.fullmatch(value)
    text, language = match.groups() if match else (value, None)
    return ox.Literal(text, language=language or "en")


def _date(day: str) -> ox.Literal:
    return ox.Literal(day, datatype=ox.NamedNode(f"{_XSD}date"))


def _boolean(*, value: bool) -> ox.Literal:
    return ox.Literal(str(value).lower(), datatype=ox.NamedNode(f"{_XSD}boolean"))


def _number(number: Decimal, *, is_decimal: bool = False) -> ox.Literal:
    """Return the canonical literal: an integer where there is no fraction."""
    short = number.normalize()
    text = f"{short:f}"
    if "." not in text and not is_decimal:
        return ox.Literal(text, datatype=ox.NamedNode(f"{_XSD}integer"))
    return ox.Literal(text if "." in text else f"{text}.0", datatype=ox.NamedNode(f"{_XSD}decimal"))
