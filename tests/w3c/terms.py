"""What an RDF term is to the readers and to the comparison."""

import pyoxigraph as ox

__all__ = ["Row", "Term"]

# As of RDF 1.2 a triple is a term too: https://www.w3.org/TR/rdf12-concepts/#section-triple-terms
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = tuple[Term | None, ...]
