"""The order of subjects, predicates and objects in a graph file.

An article's file reads as the article does: the article, its passages in text order, what was left out, the
statements, each with its quantities, and role holdings. Numbers inside IRIs count as numbers.
"""

import re
from collections.abc import Iterable, Mapping, Set
from types import MappingProxyType
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.namespaces import ID, PREFIXES, ZGC

__all__ = ["natural", "object_key", "predicate_key", "subjects_in_order"]

Natural: TypeAlias = tuple[tuple[tuple[str, tuple[int, str]], ...], str]

_DIGITS: Final = re.compile(r"([^0-9]*)([0-9]*)")
_SELECTOR: Final = "/selector"
_TYPE: Final = f"{PREFIXES['rdf']}type"

# Class, context, position, statement, names, definitions, notes.
_PREDICATES: Final = (
    ("rdf", "type"),
    ("rdfs", "subClassOf subPropertyOf"),
    ("skos", "inScheme topConceptOf broader narrower"),
    ("zgc", "isEditionOf isSectionOf isPostIn isSubsetOf hasHolder isHoldingOf"),
    ("oa", "hasSource hasSelector start end"),
    ("zgc", "isAbout isAcceptedFor"),
    ("zgc", "isSupportedBy isAttestedBy hasSourcePart hasOmissionReason"),
    ("zgc", "isSaidAs isAttributedTo hasSpeechMode hasStance hasRank"),
    (
        "zgc",
        "statesTheme statesTopic statesPeriod statesFoundingPeriod statesPlace statesParticipant statesHost",
    ),
    ("zgc", "statesOrganizer statesAttendee hasParticipationRole statesOutcome hasQuantity"),
    ("zgc", "hasIndicator hasComparator statedNumber lowerBound isLowerOpen upperBound isUpperOpen ratio"),
    ("zgc", "unit currency maximumPossible year firstDay lastDay asOf"),
    ("zgc", "isPublishedBy isDistributedBy isCarriedBy isWrittenBy isEditedBy hasLanguageQuality"),
    ("dcterms", "issued"),
    ("schema", "url"),
    ("zgc", "codePointLength sha256"),
    ("dcterms", "title"),
    ("rdfs", "label"),
    ("skos", "prefLabel altLabel"),
    ("zgc", "wording"),
    ("dcterms", "description"),
    ("skos", "definition"),
    ("zgc", "paraphrase translatedParaphrase"),
    ("skos", "example note"),
    ("zgc", "editorialNote translatedNote"),
)
_ORDER: Final = tuple(PREFIXES[prefix] + name for prefix, names in _PREDICATES for name in names.split())
_RANK: Final = MappingProxyType({predicate: rank for rank, predicate in enumerate(_ORDER)})

_KINDS: Final = (
    "other",  # the dataset, its graphs
    "article",
    "passage",
    "omitted",
    "statement",
    "quantity",
    "role",
    "forum",
    "edition",
    "section",
    "period",
    "theme",
    "topic",
    "place",
    "outcome",
    "organization",
    "group",
    "post",
    "person",
    "scheme",
    "code",
    "indicator",
)
_KIND_RANK: Final = MappingProxyType({kind: rank for rank, kind in enumerate(_KINDS)})


def natural(text: str) -> Natural:
    """Return a sort key that puts `s2` before `s10`."""
    # The text itself parts `s07` from `s7`.
    return tuple((word, _number(digits)) for word, digits in _DIGITS.findall(text)), text


def predicate_key(predicate: ox.NamedNode) -> tuple[int, Natural]:
    """Return the place of a predicate in a block; those without a place come last, by name."""
    return _RANK.get(predicate.value, len(_RANK)), natural(predicate.value)


def object_key(term: ox.NamedNode | ox.Literal) -> tuple[bool, str, Natural, str]:
    """Return the place of an object among those of one predicate: things, then texts by language."""
    if isinstance(term, ox.NamedNode):
        return False, "", natural(term.value), ""
    return True, term.language or "", natural(term.value), term.datatype.value


def subjects_in_order(triples: Iterable[ox.Triple]) -> list[ox.NamedNode]:
    """Return the subjects of a file in reading order."""
    triples = tuple(triples)
    owners = _owners(triples)
    omitted = {
        triple.subject
        for triple in triples
        if isinstance(triple.subject, ox.NamedNode)
        and triple.predicate.value == _TYPE
        and triple.object == ox.NamedNode(f"{ZGC}OmittedPassage")
    }
    subjects = {triple.subject for triple in triples if isinstance(triple.subject, ox.NamedNode)}
    return sorted(subjects, key=lambda subject: _subject_key(subject, owners, omitted))


def _number(digits: str) -> tuple[int, str]:
    significant = digits.lstrip("0")
    # Not int(digits): Python refuses to read numbers of more than 4,300 digits.
    return len(significant), significant


def _owners(triples: Iterable[ox.Triple]) -> Mapping[ox.NamedNode, ox.NamedNode]:
    """Return the first statement that has each quantity."""
    owners: dict[ox.NamedNode, ox.NamedNode] = {}
    for triple in triples:
        if triple.predicate.value != f"{ZGC}hasQuantity":
            continue
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode):
            known = owners.setdefault(triple.object, triple.subject)
            owners[triple.object] = min(known, triple.subject, key=lambda iri: natural(iri.value))
    return owners


def _subject_key(
    subject: ox.NamedNode, owners: Mapping[ox.NamedNode, ox.NamedNode], omitted: Set[ox.NamedNode]
) -> tuple[int, Natural, bool, Natural]:
    passage = ox.NamedNode(subject.value.removesuffix(_SELECTOR))
    owner = owners.get(subject, passage)
    kind = "omitted" if passage in omitted else _kind(owner.value)
    return _KIND_RANK[kind], natural(owner.value), owner != subject, natural(subject.value)


def _kind(iri: str) -> str:
    if not iri.startswith(ID):
        return "other"
    kind, _, name = iri.removeprefix(ID).partition("/")
    if kind == "article" and "/" in name:
        return "passage"
    return kind if kind in _KIND_RANK else "other"
