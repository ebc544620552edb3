"""The serialisations that forumkg reads and writes: one table for the server, the commands and the tests."""

from dataclasses import dataclass
from typing import Final

__all__ = ["DATASET_FORMATS", "GRAPH_FORMATS", "RESULT_FORMATS", "Format", "by_name"]


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation: its short name, media type, other media types that mean it, and file ending."""

    name: str
    label: str
    media_type: str
    extension: str
    aliases: tuple[str, ...] = ()

    @property
    def media_types(self) -> tuple[str, ...]:
        """The registered media type, then the others that clients send."""
        return (self.media_type, *self.aliases)


# In order of preference: the first is the default where a client has no wish.
RESULT_FORMATS: Final = (
    Format("json", "SPARQL results JSON", "application/sparql-results+json", "srj", ("application/json",)),
    Format("xml", "SPARQL results XML", "application/sparql-results+xml", "srx", ("application/xml", "text/xml")),
    Format("csv", "CSV", "text/csv", "csv"),
    Format("tsv", "TSV", "text/tab-separated-values", "tsv"),
)

GRAPH_FORMATS: Final = (
    Format("turtle", "Turtle", "text/turtle", "ttl", ("application/turtle", "application/x-turtle")),
    Format("ntriples", "N-Triples", "application/n-triples", "nt", ("text/plain",)),
    Format("jsonld", "JSON-LD", "application/ld+json", "jsonld", ("application/json",)),
    Format("rdfxml", "RDF/XML", "application/rdf+xml", "rdf", ("application/xml", "text/xml")),
)

DATASET_FORMATS: Final = (
    Format("trig", "TriG", "application/trig", "trig"),
    Format("nquads", "N-Quads", "application/n-quads", "nq"),
)


def by_name(name: str, formats: tuple[Format, ...]) -> Format | None:
    """Return the format that is called by its name, its file ending or one of its media types, or None."""
    wanted = name.strip().casefold()
    return next((f for f in formats if wanted in (f.name, f.extension, *f.media_types)), None)
