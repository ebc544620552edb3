"""Check statements against the words of their passages: figures, hedges, wordings, stances, copied text.

All checks are deterministic; they read numbers, dates and characters, and understand no sentence. A warning
is silenced by an editorial note that names it in square brackets, such as `[number-unstated]`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from forumkg.namespaces import ID, ZGC, shorten
from forumkg.texts.copying import COPIED_SIGNS, COPIED_WORDS, Original, copied_run
from forumkg.texts.dates import PrintedDate, dates
from forumkg.texts.numbers import PrintedNumber, numbers
from forumkg.texts.reading import Text
from forumkg.validation.passages import PassageProblem, PassageSelector

__all__ = ["Grounds", "check_grounds"]

_ZGC: Final = Namespace(ZGC)
_CODE: Final = f"{ID}code/"
_ISSUED: Final = URIRef("http://purl.org/dc/terms/issued")
# Numbers up to this are often written in words where nothing is counted: "the two agreed".
_SMALL: Final = 10
_FUTURE: Final = re.compile(
    r"\b(?:will|shall|(?:is|are|was|were) (?:to|scheduled|slated|expected|due|going)|plans? to)\b"
    r"|将(?!近|军)|(?<![虚模])拟",
    re.IGNORECASE,
)
# Words of a title up to this length may be articles, conjunctions or prepositions.
_SMALL_WORDS: Final = 3


@dataclass(frozen=True)
class Grounds:
    """An article with its text, its passages and all that is said of them.

    Attributes:
        article: the IRI of the article.
        text: its text, verified.
        passages: its passages.
        data: the facts of all files.
    """

    article: str
    text: Text
    passages: Sequence[PassageSelector]
    data: Graph

    @cached_property
    def statements(self) -> dict[Node, tuple[PassageSelector, ...]]:
        """The statements and role holdings with the passages that they rest on, by order of name."""
        found = defaultdict(list)
        for passage in self.passages:
            for predicate in (_ZGC.isSupportedBy, _ZGC.isAttestedBy):
                for subject in self.data.subjects(predicate, URIRef(passage.iri)):
                    found[subject].append(passage)
        return {node: tuple(found[node]) for node in sorted(found, key=str)}

    @cached_property
    def numbers(self) -> tuple[PrintedNumber, ...]:
        """The numbers that the text prints."""
        return numbers(self.text.content)

    @cached_property
    def original(self) -> Original:
        """The text, indexed for comparison."""
        return Original(self.text.content)

    def words(self, passage: PassageSelector) -> str:
        """Return the words of a passage."""
        return self.text.content[passage.start : passage.end]

    def numbers_in(self, passages: Iterable[PassageSelector]) -> list[PrintedNumber]:
        """Return the numbers that some passages print."""
        spans = [(passage.start, passage.end) for passage in passages]
        return [n for n in self.numbers if any(start <= n.start and n.end <= end for start, end in spans)]


def check_grounds(grounds: Grounds) -> Iterator[PassageProblem]:
    """Yield where statements and the words of their passages do not agree."""
    for statement, passages in grounds.statements.items():
        yield from _check_quantities(grounds, statement, passages)
        yield from _check_wordings(grounds, statement, passages)
        yield from _check_stance(grounds, statement, passages)
    yield from _check_unstated(grounds)
    yield from _check_dateline(grounds)
    yield from _check_copies(grounds)


def _check_quantities(
    grounds: Grounds, statement: Node, passages: Sequence[PassageSelector]
) -> Iterator[PassageProblem]:
    printed = grounds.numbers_in(passages)
    for quantity in sorted(grounds.data.objects(statement, _ZGC.hasQuantity), key=str):
        number = _number_of(grounds.data, quantity)
        comparator = _code(grounds.data, quantity, _ZGC.hasComparator)
        # "A general section" has no numeral, and is one section.
        if number is None or comparator is None or (number == 1 and comparator == "exact"):
            continue
        same = [found for found in printed if found.value == number]
        is_share = (quantity, _ZGC.ratio, None) in grounds.data
        alike = [found for found in same if (found.kind == "share") == is_share]
        if not same:
            yield _other_kind_of_number(quantity, number, printed, is_share=is_share)
        elif not alike:
            yield _mistaken_share(quantity, number, is_share=is_share)
        elif not any(comparator in found.comparators for found in alike):
            hedges = sorted({f"code:{c}" for found in alike for c in found.comparators})
            yield PassageProblem(
                str(quantity),
                "quantity-hedge",
                f"The comparator is code:{comparator}, but the passages print {_shown(number)} "
                f"with a hedge that means {' or '.join(hedges)}.",
                f"Write zgc:hasComparator {hedges[0]}, with its bounds.",
                excerpt=_around(grounds, alike[0]),
            )


def _other_kind_of_number(
    quantity: Node, number: Decimal, printed: Sequence[PrintedNumber], *, is_share: bool
) -> PassageProblem:
    """Return the problem of a number that no passage prints, unless a share was entered as a count."""
    percent = number / 100
    if not is_share and any(found.kind == "share" and found.value == percent for found in printed):
        return _mistaken_share(quantity, number, is_share=False)
    values = ", ".join(_shown(found.value) for found in printed) or "no number"
    return PassageProblem(
        str(quantity),
        "quantity-number",
        f"The number {_shown(number)} is not printed in the passages of its statement, which print {values}.",
        "Correct the number, or support the statement by the passage that prints it.",
    )


def _mistaken_share(quantity: Node, number: Decimal, *, is_share: bool) -> PassageProblem:
    message = (
        f"The quantity is the ratio {_shown(number)}, but the passages print that number as a count."
        if is_share
        else f"The quantity is the count {_shown(number)}, but the passages print it as a share."
    )
    advice = (
        "Write zgc:statedNumber with the number printed."
        if is_share
        else "Write zgc:ratio between 0 and 1, with a unit, indicator and bounds that are those of a share."
    )
    return PassageProblem(str(quantity), "quantity-share", message, advice)


def _check_wordings(
    grounds: Grounds, subject: Node, passages: Sequence[PassageSelector]
) -> Iterator[PassageProblem]:
    wordings = [o for o in grounds.data.objects(subject, _ZGC.wording) if isinstance(o, Literal)]
    for wording in sorted(wordings):
        if _line(wording) not in _line(" ".join(grounds.words(passage) for passage in passages)) and not any(
            _line(wording) in _line(grounds.words(passage)) for passage in passages
        ):
            yield PassageProblem(
                str(subject),
                "wording-absent",
                f"The wording {str(wording)!r} is not printed in the passages of its statement.",
                "Write the name or title exactly as printed, or add the passage that prints it.",
            )


def _check_stance(
    grounds: Grounds, statement: Node, passages: Sequence[PassageSelector]
) -> Iterator[PassageProblem]:
    check = "accomplished-future"
    if _code(grounds.data, statement, _ZGC.hasStance) != "accomplished":
        return
    futures = [_FUTURE.search(grounds.words(passage)) for passage in passages]
    if all(futures) and not _is_settled(grounds.data, (statement,), check):
        printed = ", ".join(sorted({repr(found.group().strip()) for found in futures if found}))
        yield PassageProblem(
            str(statement),
            check,
            f"The stance is code:accomplished, but each of its passages speaks of the future: {printed}.",
            "Write code:planned, or add the passage that reports it; if it is right, "
            f"say why in a zgc:editorialNote that names [{check}].",
            is_warning=True,
        )


def _check_unstated(grounds: Grounds) -> Iterator[PassageProblem]:
    """Yield numbers of mapped passages that no statement has."""
    check = "number-unstated"
    stated = _stated(grounds)
    for number in grounds.numbers:
        passages = [p for p in grounds.passages if p.start <= number.start and number.end <= p.end]
        if number in stated or not _counts(number) or not passages or any(p.omitted for p in passages):
            continue
        nodes = [node for node, theirs in grounds.statements.items() if not {*passages}.isdisjoint(theirs)]
        if not _is_settled(grounds.data, (*nodes, *(URIRef(p.iri) for p in passages)), check):
            yield PassageProblem(
                passages[0].iri,
                check,
                f"No quantity has the number {_shown(number.value)}, printed at {number.start},{number.end}.",
                "Add a figure statement for it; if it counts nothing of the forum, say so in a "
                f"zgc:editorialNote on the passage or one of its statements that names [{check}].",
                excerpt=_around(grounds, number),
                is_warning=True,
            )


def _counts(number: PrintedNumber) -> bool:
    """Return whether a number is likely to be a figure."""
    is_word = number.is_spelt and not number.is_hedged and number.value <= _SMALL
    return number.kind == "share" or (number.kind == "count" and not is_word)


def _stated(grounds: Grounds) -> set[PrintedNumber]:
    """Return the printed numbers that a quantity or a wording of their passages has."""
    found = set()
    for statement, passages in grounds.statements.items():
        quantities = grounds.data.objects(statement, _ZGC.hasQuantity)
        values = {_number_of(grounds.data, quantity) for quantity in quantities}
        wordings = " ".join(str(wording) for wording in grounds.data.objects(statement, _ZGC.wording))
        found |= {
            number
            for number in grounds.numbers_in(passages)
            if number.value in values or grounds.text.content[number.start : number.end] in wordings
        }
    return found


def _check_dateline(grounds: Grounds) -> Iterator[PassageProblem]:
    check, article = "dateline-day", URIRef(grounds.article)
    issued = grounds.data.value(article, _ISSUED, any=True)
    day = issued.value if isinstance(issued, Literal) else None
    datelines = [passage for passage in grounds.passages if passage.part == f"{_CODE}dateline"]
    printed = [found for passage in datelines for found in dates(grounds.words(passage)) if found.day]
    if not isinstance(day, date) or not printed or any(_is_day(found, day) for found in printed):
        return
    if not _is_settled(grounds.data, (article,), check):
        yield PassageProblem(
            grounds.article,
            check,
            f"The dateline has another day than dcterms:issued, {day}.",
            "Write the day printed; if the article was issued later, say so in a zgc:editorialNote on the "
            f"article that names [{check}].",
            excerpt=_line(" ".join(grounds.words(passage) for passage in datelines)),
            is_warning=True,
        )


def _is_day(found: PrintedDate, day: date) -> bool:
    return found.day == day.day and found.month in {None, day.month} and found.year in {None, day.year}


def _check_copies(grounds: Grounds) -> Iterator[PassageProblem]:
    """Yield texts of the graph, about any subject, that repeat a run of the article."""
    said = [(s, p, o) for s, p, o in grounds.data if isinstance(o, Literal) and o.language is not None]
    for subject, predicate, value in sorted(said, key=lambda triple: tuple(map(str, triple))):
        run = copied_run(value, grounds.original)
        if run is not None and not _is_title(grounds.text.content, *run[1]):
            (start, end), (there, until) = run
            yield PassageProblem(
                str(subject),
                "copied-text",
                f"Words of {shorten(str(predicate))} are those of {grounds.text.name} at {there},{until}.",
                f"Say it in other words: {COPIED_WORDS} words or {COPIED_SIGNS} Chinese characters in a row "
                "are a copy, unless they are a name or a title.",
                excerpt=_line(str(value)[start:end]),
                predicate=str(predicate),
            )


def _is_title(content: str, start: int, end: int) -> bool:
    """Return whether a run is a name or a title: all longer words capitalized, or between 《 and 》."""
    longer = [word for word in re.findall(r"[^\W\d_]+", content[start:end]) if len(word) > _SMALL_WORDS]
    if longer and all(word[0].isupper() for word in longer):
        return True
    opening = content.rfind("《", 0, start + 1)
    return opening >= 0 and content.find("》", opening) >= end


def _is_settled(data: Graph, nodes: Iterable[Node], check: str) -> bool:
    notes = (note for node in nodes for note in data.objects(node, _ZGC.editorialNote))
    return any(f"[{check}]" in str(note) for note in notes)


def _number_of(data: Graph, quantity: Node) -> Decimal | None:
    for predicate in (_ZGC.statedNumber, _ZGC.ratio):
        for value in data.objects(quantity, predicate):
            if isinstance(value, Literal) and isinstance(value.value, int | Decimal):
                return Decimal(value.value)
    return None


def _code(data: Graph, subject: Node, predicate: URIRef) -> str | None:
    value = data.value(subject, predicate, any=True)
    return value.removeprefix(_CODE) if isinstance(value, URIRef) else None


def _line(words: str) -> str:
    return " ".join(words.split())


def _shown(number: Decimal) -> str:
    return f"{number.normalize():,f}"


def _around(grounds: Grounds, number: PrintedNumber) -> str:
    return _line(grounds.text.content[max(0, number.start - 24) : number.end + 24])
