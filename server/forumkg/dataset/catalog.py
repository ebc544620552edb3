"""Describe the dataset, its files and its endpoint for catalogues, by DCAT-AP 3.

https://www.w3.org/TR/vocab-dcat-3/, https://semiceu.github.io/DCAT-AP/releases/3.0.0/ and
https://spdx.org/rdf/terms/#Checksum
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.description import DATASET
from forumkg.formats import Format
from forumkg.rdf.terms import about, english, named

__all__ = ["MEDIA_TYPES", "SPDX", "CatalogFile", "describe_agents", "describe_catalog"]

MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
SPDX: Final = "http://spdx.org/rdf/terms#"

_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
_MAKERS: Final = ("dcterms:creator", "dcterms:publisher")


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """A file of the dataset, as a catalogue lists it.

    Attributes:
        name: the name of the file.
        format: its format.
        description: what it holds, a sentence in English.
        size: its length in bytes, where it is the same on each host.
        sha256: the SHA-256 of its bytes in hexadecimal digits, likewise.
    """

    name: str
    format: Format
    description: str
    size: int | None = None
    sha256: str = ""


def describe_agents(store: ox.Store) -> Iterator[ox.Triple]:
    """Yield what the default graph says of the creators and publishers of the dataset."""
    for property_ in _MAKERS:
        for agent in _values(store, property_):
            if isinstance(agent, ox.NamedNode):
                for quad in store.quads_for_pattern(agent, None, None, ox.DefaultGraph()):
                    yield quad.triple


def describe_catalog(
    store: ox.Store, files: Iterable[CatalogFile], folder: str, endpoint: str
) -> Iterator[ox.Triple]:
    """Yield the catalogue of a server: the dataset, a distribution for each file, and the endpoint.

    Args:
        store: its default graph states licence, creator and publisher of the dataset.
        files: the files that the server sends.
        folder: the address of their folder, ending in `/`.
        endpoint: the address of the endpoint, in full.
    """
    licences = [("dcterms:license", licence) for licence in _values(store, "dcterms:license")]
    publishers = [("dcterms:publisher", agent) for agent in _values(store, "dcterms:publisher")]
    service, answers = f"{endpoint}#service", f"{endpoint}#answers"
    yield from describe_agents(store)
    yield from about(
        f"{folder.removesuffix('/')}#catalog",
        ("rdf:type", named("dcat:Catalog")),
        ("dcterms:title", english("The Zhongguancun Forum graph on this server")),
        ("dcterms:description", english("The dataset, its files and its SPARQL endpoint.")),
        ("dcat:dataset", ox.NamedNode(DATASET)),
        ("dcat:service", ox.NamedNode(service)),
        *publishers,
        *licences,
    )
    yield from about(
        service,
        ("rdf:type", named("dcat:DataService")),
        ("dcterms:title", english("SPARQL endpoint of the Zhongguancun Forum graph")),
        ("dcterms:description", english("Answers SPARQL 1.1 queries on the dataset.")),
        ("dcterms:conformsTo", ox.NamedNode(_PROTOCOL)),
        ("dcat:endpointURL", ox.NamedNode(endpoint)),
        ("dcat:endpointDescription", ox.NamedNode(endpoint)),
        ("dcat:servesDataset", ox.NamedNode(DATASET)),
        *publishers,
        *licences,
    )
    yield from about(
        answers,
        ("rdf:type", named("dcat:Distribution")),
        ("dcterms:title", english("Answers to queries")),
        ("dcterms:description", english("What the SPARQL endpoint answers, in the format of the request.")),
        ("dcat:accessURL", ox.NamedNode(endpoint)),
        ("dcat:accessService", ox.NamedNode(service)),
        *licences,
    )
    yield from about(DATASET, ("dcat:distribution", ox.NamedNode(answers)))
    for file in files:
        yield from about(DATASET, ("dcat:distribution", ox.NamedNode(folder + file.name)))
        yield from about(folder + file.name, *licences)
        yield from _distribution(file, folder + file.name)


def _distribution(file: CatalogFile, address: str) -> Iterator[ox.Triple]:
    yield from about(
        address,
        ("rdf:type", named("dcat:Distribution")),
        ("dcterms:title", english(file.name)),
        ("dcterms:description", english(file.description)),
        ("dcat:accessURL", ox.NamedNode(address)),
        ("dcat:downloadURL", ox.NamedNode(address)),
        ("dcat:mediaType", ox.NamedNode(MEDIA_TYPES + file.format.media_type)),
    )
    if file.size is not None:
        size = ox.Literal(str(file.size), datatype=named("xsd:nonNegativeInteger"))
        yield from about(address, ("dcat:byteSize", size))
    if file.sha256:
        checksum = ox.NamedNode(f"{address}#sha256")
        digest = ox.Literal(file.sha256, datatype=named("xsd:hexBinary"))
        yield ox.Triple(ox.NamedNode(address), _spdx("checksum"), checksum)
        yield ox.Triple(checksum, named("rdf:type"), _spdx("Checksum"))
        yield ox.Triple(checksum, _spdx("algorithm"), _spdx("checksumAlgorithm_sha256"))
        yield ox.Triple(checksum, _spdx("checksumValue"), digest)


def _values(store: ox.Store, property_: str) -> list[ox.NamedNode | ox.Literal]:
    """Return the named nodes and texts that the default graph gives the dataset for a property."""
    found = store.quads_for_pattern(ox.NamedNode(DATASET), named(property_), None, ox.DefaultGraph())
    return [quad.object for quad in found if isinstance(quad.object, ox.NamedNode | ox.Literal)]


def _spdx(name: str) -> ox.NamedNode:
    return ox.NamedNode(SPDX + name)
