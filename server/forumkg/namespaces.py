"""The base IRI, the namespaces and their prefixes."""

from types import MappingProxyType
from typing import Final

__all__ = [
    "BASE",
    "DERIVED",
    "DESCRIPTION",
    "ENTAILED",
    "GRAPH",
    "ID",
    "OA",
    "ONTOLOGY",
    "PREFIXES",
    "QUERY",
    "QUESTIONS",
    "SHAPES",
    "SKOS",
    "ZGC",
    "prefix_lines",
    "shorten",
]

BASE: Final = "https://w3id.org/zgc-forum/"
ONTOLOGY: Final = f"{BASE}ontology"
ZGC: Final = f"{BASE}ontology/"
ID: Final = f"{BASE}id/"
GRAPH: Final = f"{BASE}graph/"
QUERY: Final = f"{BASE}query/"
SHAPES: Final = f"{BASE}shapes/"
OA: Final = "http://www.w3.org/ns/oa#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"

# The named graphs that the build generates.
ENTAILED: Final = f"{GRAPH}entailed"
DERIVED: Final = f"{GRAPH}derived"
QUESTIONS: Final = f"{GRAPH}questions"
DESCRIPTION: Final = f"{GRAPH}description"

# A slash in a local name would need a backslash in Turtle: a prefix for each kind of thing.
_KINDS = (
    "article",
    "code",
    "edition",
    "forum",
    "group",
    "indicator",
    "organization",
    "outcome",
    "period",
    "person",
    "place",
    "post",
    "role",
    "scheme",
    "section",
    "theme",
    "topic",
)

PREFIXES: Final = MappingProxyType(
    {
        **{kind: f"{ID}{kind}/" for kind in _KINDS},
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "graph": GRAPH,
        "oa": OA,
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "query": QUERY,
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "shapes": SHAPES,
        "skos": SKOS,
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "zgc": ZGC,
    }
)


def prefix_lines(*prefixes: str) -> str:
    """Return SPARQL PREFIX lines for the given prefixes of the table."""
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in prefixes)


def shorten(iri: str) -> str:
    """Return the prefixed name of an IRI for messages, or the IRI in angle brackets.

    For messages: the result may need escapes before a parser accepts it.
    """
    best = max(
        ((prefix, base) for prefix, base in PREFIXES.items() if iri.startswith(base) and iri != base),
        key=lambda pair: len(pair[1]),
        default=None,
    )
    return f"<{iri}>" if best is None else f"{best[0]}:{iri.removeprefix(best[1])}"
