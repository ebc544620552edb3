"""The Python API: query the dataset in this process, read-only.

Documented in docs/python.md; the entry point is `forumkg.open_graph`.
"""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.dataset.files import source_files
from forumkg.dataset.things import document
from forumkg.dataset.versions import in_memory, open_version
from forumkg.errors import QueryError
from forumkg.namespaces import prefix_lines
from forumkg.sparql.evaluation import evaluate

__all__ = ["Evidence", "KnowledgeGraph", "Solution", "Term", "open_graph"]

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Solution: TypeAlias = dict[str, Term | None]

_EVIDENCE: Final = (
    prefix_lines("dcterms", "oa", "owl", "rdf", "skos", "zgc")
    + """
SELECT DISTINCT ?statement ?paraphrase ?stance ?article ?publisher ?issued ?passage ?start ?end ?part ?sha256
WHERE {
    %s
    ?statement zgc:isSupportedBy ?passage ;
        zgc:paraphrase ?paraphrase ;
        zgc:hasStance/skos:prefLabel ?stance .
    ?passage a zgc:Passage ;
        oa:hasSource ?article ;
        oa:hasSelector ?selector ;
        zgc:hasSourcePart/skos:prefLabel ?part ;
        zgc:sha256 ?sha256 .
    ?selector oa:start ?start ;
        oa:end ?end .
    FILTER (LANG(?stance) = "en" && LANG(?part) = "en")
    OPTIONAL { ?article zgc:isPublishedBy/skos:prefLabel ?publisher . FILTER (LANG(?publisher) = "en") }
    OPTIONAL { ?article dcterms:issued ?issued }
}
ORDER BY ?issued ?article ?start ?statement
"""
)
# The statement itself, or all statements about a thing.
_ABOUT: Final = "{ BIND (%(thing)s AS ?statement) } UNION { ?statement zgc:isAbout %(thing)s }"
# A property of a thing follows from accepted statements by a property chain.
_FOR_PROPERTY: Final = """
    %(property)s owl:propertyChainAxiom ?chain .
    ?chain rdf:first zgc:hasAcceptedStatement ;
        rdf:rest/rdf:first ?states .
    ?statement zgc:isAcceptedFor %(thing)s ;
        ?states ?value .
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of an article that supports a statement.

    Attributes:
        statement: IRI of the statement.
        paraphrase: what it says, in words of the project.
        stance: `accomplished`, `planned` or `ongoing`.
        article: IRI of the article.
        publisher: its publisher, in English; None if there is none with an English name.
        issued: the day of its publication, `YYYY-MM-DD`; None if the text prints none.
        passage: IRI of the passage.
        start: the first code point of the passage in the text of the article.
        end: the code point after its last one.
        part: the part of the article: `headline`, `caption`, `body` …
        sha256: the SHA-256 of the passage in UTF-8, in hexadecimal digits.
    """

    statement: str
    paraphrase: str
    stance: str
    article: str
    publisher: str | None
    issued: str | None
    passage: str
    start: int
    end: int
    part: str
    sha256: str


class KnowledgeGraph:
    """The dataset: what its files assert, what is entailed and derived from it, and the named graphs.

    The default graph is the merge of all named graphs but the shapes, as at the SPARQL endpoint.
    In the examples, `graph` is `open_graph()`.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def select(self, query: str) -> list[Solution]:
        """Return the solutions of a SELECT query: the terms by variable, None where one is unbound.

        Raises:
            QueryError: the query cannot be parsed or evaluated, or has another form.

        >>> (row,) = graph.select('''
        ...     PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
        ...     SELECT (COUNT(?edition) AS ?editions) { ?edition a zgc:Edition }''')
        >>> int(row["editions"].value) > 3
        True
        """
        answer = evaluate(self._store, query)
        if not isinstance(answer, ox.QuerySolutions):
            raise QueryError("Not a SELECT query: use ask() or construct().")
        names = [variable.value for variable in answer.variables]
        return [{name: solution[name] for name in names} for solution in answer]

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query.

        Raises:
            QueryError: the query cannot be parsed or evaluated, or has another form.

        >>> graph.ask("ASK { <https://w3id.org/zgc-forum/id/edition/2021> ?property ?value }")
        True
        """
        answer = evaluate(self._store, query)
        if not isinstance(answer, ox.QueryBoolean):
            raise QueryError("Not an ASK query: use select() or construct().")
        return bool(answer)

    def construct(self, query: str) -> frozenset[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query.

        Raises:
            QueryError: the query cannot be parsed or evaluated, or has another form.

        >>> triples = open_graph().construct('''
        ...     PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
        ...     CONSTRUCT { ?one zgc:differsFrom ?other } WHERE { ?one zgc:differsFrom ?other }''')
        >>> {triple.predicate.value.rpartition("/")[2] for triple in triples}
        {'differsFrom'}
        """
        answer = evaluate(self._store, query)
        if not isinstance(answer, ox.QueryTriples):
            raise QueryError("Not a CONSTRUCT or DESCRIBE query: use select() or ask().")
        return frozenset(answer)

    def describe(self, iri: str) -> frozenset[ox.Triple]:
        """Return all triples about a thing, as its document at the server has them; none if it is unknown.

        Raises:
            QueryError: the text is not an IRI.

        >>> edition = "https://w3id.org/zgc-forum/id/edition/2021"
        >>> any(triple.subject.value == edition for triple in graph.describe(edition))
        True
        """
        return document(self._store, _iri(iri).value)

    def evidence_for(self, thing: str, property: str | None = None) -> list[Evidence]:  # noqa: A002 (RDF's own word)
        """Return the passages that support statements, in the order of publication.

        Args:
            thing: IRI of a statement, or of a thing that statements are about.
            property: IRI of a property: only the accepted statements that its values follow from.

        Raises:
            QueryError: one of the two is not an IRI.

        >>> edition = "https://w3id.org/zgc-forum/id/edition/2021"
        >>> theme = "https://w3id.org/zgc-forum/ontology/hasTheme"
        >>> {evidence.publisher for evidence in graph.evidence_for(edition, theme)}
        {'Xinhua News Agency'}
        """
        terms = {"thing": _iri(thing), "property": _iri(property) if property is not None else None}
        pattern = (_ABOUT if property is None else _FOR_PROPERTY) % terms
        return [_evidence(solution) for solution in self.select(_EVIDENCE % pattern)]


def open_graph(data: str | PathLike[str] | None = None) -> KnowledgeGraph:
    """Open the dataset that comes with the package.

    Args:
        data: a data directory as of `forumkg serve --data`, built if needed and opened in milliseconds after.
            By default the dataset is built in memory, which takes some seconds, and no file is written.

    Raises:
        StoreError: the data directory cannot be used, or is damaged.

    >>> open_graph().ask("ASK { ?statement a <https://w3id.org/zgc-forum/ontology/Statement> }")
    True
    """
    if data is None:
        return KnowledgeGraph(in_memory(source_files()))
    return KnowledgeGraph(open_version(Path(data), source_files()).store)


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise QueryError(f"{text!r} is not an absolute IRI: {error}.") from error


def _evidence(solution: Solution) -> Evidence:
    values = {name: str(getattr(term, "value", term)) for name, term in solution.items() if term is not None}
    return Evidence(
        statement=values["statement"],
        paraphrase=values["paraphrase"],
        stance=values["stance"],
        article=values["article"],
        publisher=values.get("publisher"),
        issued=values.get("issued"),
        passage=values["passage"],
        start=int(values["start"]),
        end=int(values["end"]),
        part=values["part"],
        sha256=values["sha256"],
    )
