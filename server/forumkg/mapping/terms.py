"""Find indicators, coded values and entities by words, and write a new indicator into the vocabulary."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.mapping.figures import write_figure
from forumkg.mapping.known_things import KnownThing, KnownThings
from forumkg.mapping.worksheet import OPERATORS, WorksheetFigure
from forumkg.namespaces import ID, ZGC

__all__ = ["NewIndicator", "figures_by_indicator", "find_terms", "term_lines", "with_indicator"]

_KINDS_FIRST: Final = ("indicator", "code")
_WORD: Final = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BLOCK: Final = re.compile(r"^indicator:[^\n]*\n.*?^\.\n", re.MULTILINE | re.DOTALL)
# The second quantity of statement 41 is 41-2.
_SECOND: Final = re.compile(r"(?<=/[0-9])([0-9]*)-[0-9]+$")
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """An indicator to be added to the vocabulary.

    Attributes:
        name: its name, without the prefix.
        label: its English label.
        label_zh: its Chinese label; empty for none.
        definition: what it counts, with its population.
        broader: the name of the broader concept; empty for none.
        subset_of: the name of the indicator whose population includes its own; empty for none.
    """

    name: str
    label: str
    definition: str
    label_zh: str = ""
    broader: str = ""
    subset_of: str = ""


def find_terms(words: Sequence[str], known: KnownThings) -> tuple[KnownThing, ...]:
    """Return the things whose name, labels or definition have all words, indicators first, best first."""
    wanted = [word for one in words for word in _WORD.findall(one.casefold())]
    scored = []
    for thing in known.things.values():
        labels = " ".join(text for text, _ in thing.labels).casefold()
        rest = f"{thing.name} {' '.join(thing.values.get('definition', ()))}".casefold()
        if wanted and all(word in labels or word in rest for word in wanted):
            order = _KINDS_FIRST.index(thing.kind) if thing.kind in _KINDS_FIRST else len(_KINDS_FIRST)
            scored.append((order, -sum(word in labels for word in wanted), len(labels), thing.name, thing))
    return tuple(thing for *_, thing in sorted(scored, key=lambda one: one[:4]))


def term_lines(thing: KnownThing, figures: Sequence[str]) -> Iterator[str]:
    """Yield the lines that show a thing: name, labels, definition, relations, and its figures."""
    labels = " · ".join(text for text, _ in thing.labels)
    yield f"{thing.name}  {labels}"
    for definition in thing.values.get("definition", ()):
        yield f"    {definition}"
    relations = [f"broader {name}" for name in thing.values.get("broader", ())]
    relations += [f"subset of {name}" for name in thing.values.get("isSubsetOf", ())]
    relations += [f"in {name}" for key in ("isPostIn", "isSectionOf") for name in thing.values.get(key, ())]
    if relations:
        yield f"    {', '.join(relations)}"
    if figures:
        more = f" and {len(figures) - _SHOWN} more" if len(figures) > _SHOWN else ""
        yield f"    {'; '.join(figures[:_SHOWN])}{more}"


def figures_by_indicator(triples: Iterable[ox.Triple]) -> Mapping[str, tuple[str, ...]]:
    """Return the figures of each indicator, as worksheets write them, with the statements that give them."""
    values: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            iri = triple.subject.value
            if iri.startswith(f"{ID}quantity/") and triple.predicate.value.startswith(ZGC):
                values[iri][triple.predicate.value.removeprefix(ZGC)] = triple.object.value
    found: defaultdict[str, list[str]] = defaultdict(list)
    for iri, quantity in sorted(values.items()):
        name = quantity.get("hasIndicator", "").removeprefix(f"{ID}indicator/")
        number = quantity.get("statedNumber") or quantity.get("ratio", "0")
        unit = quantity.get("unit", "") + quantity.get("currency", "")
        comparator = quantity.get("hasComparator", "").removeprefix(f"{ID}code/")
        operator = next((sign for sign, code in OPERATORS.items() if code == comparator), "=")
        value = Decimal(number).normalize()
        if "ratio" in quantity:
            value, unit = value.scaleb(2), "%"
        figure = write_figure(WorksheetFigure(name, operator, value, unit))
        statement = _SECOND.sub(r"\1", iri.removeprefix(f"{ID}quantity/"))
        found[f"indicator:{name}"].append(f"{figure} in {statement}")
    return {name: tuple(ones) for name, ones in found.items()}


def with_indicator(vocabulary: str, new: NewIndicator, known: KnownThings) -> str:
    """Return the text of the vocabulary with one more indicator, after the last one; all else is unchanged.

    Args:
        vocabulary: the text of `ontology/vocabulary.ttl`.
        new: the indicator.
        known: the vocabulary, as read.

    Raises:
        DataError: the name is taken or no name, the label is taken, or a relation leads nowhere.
    """
    if not _NAME.fullmatch(new.name):
        raise DataError(f"{new.name!r} is not a name: write small letters and hyphens, foreign-exhibitors.")
    if f"indicator:{new.name}" in known:
        raise DataError(f"The vocabulary has indicator:{new.name} already.")
    for thing in known.of_kind("indicator"):
        if new.label.casefold() in {text.casefold() for text, _ in thing.labels}:
            raise DataError(
                f"{thing.name} has the label {new.label!r} already: choose one that distinguishes them."
            )
    for related in filter(None, (new.broader, new.subset_of)):
        if f"indicator:{related}" not in known:
            raise DataError(
                f"The vocabulary has no indicator:{related}: `forumkg terms WORDS` finds indicators."
            )
    blocks = list(_BLOCK.finditer(vocabulary))
    if not blocks:
        raise DataError("The vocabulary has no indicator after which another could be written.")
    end = blocks[-1].end()
    return f"{vocabulary[:end]}\n{_block(new)}{vocabulary[end:]}"


def _block(new: NewIndicator) -> str:
    lines = [f"indicator:{new.name}", "    a zgc:Indicator ;", "    skos:inScheme scheme:indicator ;"]
    if new.broader:
        lines.append(f"    skos:broader indicator:{new.broader} ;")
    if new.subset_of:
        lines.append(f"    zgc:isSubsetOf indicator:{new.subset_of} ;")
    lines.append(f"    skos:prefLabel {_quoted(new.label)}@en ;")
    if new.label_zh:
        lines.append(f"    skos:prefLabel {_quoted(new.label_zh)}@zh ;")
    lines.append(f"    rdfs:label {_quoted(new.label)}@en ;")
    lines += [f"    {name} {_quoted(new.definition)}@en ;" for name in ("skos:definition", "rdfs:comment")]
    return "\n".join([*lines, ".\n"])


def _quoted(text: str) -> str:
    escaped = " ".join(text.split()).replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
