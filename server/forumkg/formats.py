"""The serialisations that forumkg reads and writes: one table for the server, the commands and the tests."""

from dataclasses import dataclass, field
from typing import Final

__all__ = [
    "CSV",
    "DATASET_FORMATS",
    "DOCUMENT_FORMATS",
    "GRAPH_FORMATS",
    "JSON",
    "JSON_LD",
    "N_QUADS",
    "N_TRIPLES",
    "RDF_XML",
    "RESULT_FORMATS",
    "TRIG",
    "TSV",
    "TURTLE",
    "WORKSHEET",
    "XML",
    "Format",
    "by_name",
]


# Each is one object, compared by identity: caches look formats up with every query.
@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """A serialisation.

    Attributes:
        name: its name in `format=`.
        label: its name in texts.
        media_type: the registered media type.
        extension: the file ending, without the dot.
        aliases: other media types for it.
        iri: its IRI at https://www.w3.org/ns/formats/; empty where it has none, and the service description
            leaves it out.
        content_type: the Content-Type header: text types name their charset, the others are always UTF-8.
    """

    name: str
    label: str
    media_type: str
    extension: str
    aliases: tuple[str, ...] = ()
    iri: str = ""
    content_type: str = field(init=False)

    def __post_init__(self) -> None:
        """Complete the Content-Type."""
        charset = "; charset=utf-8" if self.media_type.startswith("text/") else ""
        object.__setattr__(self, "content_type", self.media_type + charset)

    @property
    def media_types(self) -> tuple[str, ...]:
        """The registered media type, then the others that clients send."""
        return (self.media_type, *self.aliases)


_W3C: Final = "http://www.w3.org/ns/formats/"

JSON: Final = Format(
    "json",
    "SPARQL results JSON",
    "application/sparql-results+json",
    "srj",
    ("application/json",),
    iri=f"{_W3C}SPARQL_Results_JSON",
)
XML: Final = Format(
    "xml",
    "SPARQL results XML",
    "application/sparql-results+xml",
    "srx",
    ("application/xml", "text/xml"),
    iri=f"{_W3C}SPARQL_Results_XML",
)
CSV: Final = Format("csv", "CSV", "text/csv", "csv", iri=f"{_W3C}SPARQL_Results_CSV")
TSV: Final = Format("tsv", "TSV", "text/tab-separated-values", "tsv", iri=f"{_W3C}SPARQL_Results_TSV")
TURTLE: Final = Format(
    "turtle",
    "Turtle",
    "text/turtle",
    "ttl",
    ("application/turtle", "application/x-turtle"),
    iri=f"{_W3C}Turtle",
)
N_TRIPLES: Final = Format(
    "ntriples", "N-Triples", "application/n-triples", "nt", ("text/plain",), iri=f"{_W3C}N-Triples"
)
JSON_LD: Final = Format(
    "jsonld", "JSON-LD", "application/ld+json", "jsonld", ("application/json",), iri=f"{_W3C}JSON-LD"
)
RDF_XML: Final = Format(
    "rdfxml",
    "RDF/XML",
    "application/rdf+xml",
    "rdf",
    ("application/xml", "text/xml"),
    iri=f"{_W3C}RDF_XML",
)
TRIG: Final = Format("trig", "TriG", "application/trig", "trig", iri=f"{_W3C}TriG")
N_QUADS: Final = Format("nquads", "N-Quads", "application/n-quads", "nq", iri=f"{_W3C}N-Quads")

# In order of preference: the first is the default.
RESULT_FORMATS: Final = (JSON, XML, CSV, TSV)
GRAPH_FORMATS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML)
DATASET_FORMATS: Final = (TRIG, N_QUADS)

# An article text with statements between; see docs/mapping.md.
WORKSHEET: Final = Format("worksheet", "Worksheet", "text/plain", "map")

# The syntaxes that documents are read in.
DOCUMENT_FORMATS: Final = (*GRAPH_FORMATS, *DATASET_FORMATS)


def by_name(name: str, formats: tuple[Format, ...]) -> Format | None:
    """Return the format that is called by its name, its file ending or one of its media types, or None."""
    wanted = name.strip().casefold()
    return next((f for f in formats if wanted in (f.name, f.extension, *f.media_types)), None)
