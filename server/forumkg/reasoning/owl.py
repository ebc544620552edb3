"""The terms of RDF, RDFS and OWL that entailment knows, grouped by their effect on a reasoner.

https://www.w3.org/TR/owl2-rdf-based-semantics/#Syntactic_Conventions_and_Vocabulary
"""

from typing import Final

from forumkg.namespaces import PREFIXES

__all__ = [
    "ANNOTATIONS",
    "AXIOMS",
    "CHAIN",
    "DATATYPE",
    "DATATYPES",
    "DECLARATIONS",
    "DOMAIN",
    "EQUIVALENT_CLASS",
    "EQUIVALENT_PROPERTY",
    "FIXED",
    "INVERSE",
    "KNOWN",
    "OWL",
    "RANGE",
    "RDF",
    "RDFS",
    "RDF_FIRST",
    "RDF_NIL",
    "RDF_REST",
    "RDF_TYPE",
    "SILENT",
    "SUBCLASS",
    "SUBPROPERTY",
    "SYMMETRIC",
    "TRANSITIVE",
    "UNIVERSAL",
    "XSD",
]

OWL: Final = PREFIXES["owl"]
RDF: Final = PREFIXES["rdf"]
RDFS: Final = PREFIXES["rdfs"]
XSD: Final = PREFIXES["xsd"]

RDF_TYPE: Final = f"{RDF}type"
RDF_FIRST: Final = f"{RDF}first"
RDF_REST: Final = f"{RDF}rest"
RDF_NIL: Final = f"{RDF}nil"
SUBCLASS: Final = f"{RDFS}subClassOf"
EQUIVALENT_CLASS: Final = f"{OWL}equivalentClass"
SUBPROPERTY: Final = f"{RDFS}subPropertyOf"
EQUIVALENT_PROPERTY: Final = f"{OWL}equivalentProperty"
INVERSE: Final = f"{OWL}inverseOf"
DOMAIN: Final = f"{RDFS}domain"
RANGE: Final = f"{RDFS}range"
CHAIN: Final = f"{OWL}propertyChainAxiom"
SYMMETRIC: Final = f"{OWL}SymmetricProperty"
TRANSITIVE: Final = f"{OWL}TransitiveProperty"
DATATYPE: Final = f"{RDFS}Datatype"


def _names(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


AXIOMS: Final = frozenset(
    {SUBCLASS, EQUIVALENT_CLASS, SUBPROPERTY, EQUIVALENT_PROPERTY, INVERSE, DOMAIN, RANGE, CHAIN}
)
# Of these each thing may have some.
ANNOTATIONS: Final = _names(RDFS, "comment isDefinedBy label seeAlso")
# Constraints make data inconsistent and annotations mean nothing to a reasoner: neither entails a fact.
SILENT: Final = (
    _names(
        OWL, "AllDifferent AllDisjointClasses AllDisjointProperties AsymmetricProperty IrreflexiveProperty"
    )
    | _names(OWL, "annotatedProperty annotatedSource annotatedTarget backwardCompatibleWith deprecated")
    | _names(OWL, "differentFrom disjointWith distinctMembers incompatibleWith members NamedIndividual")
    | _names(OWL, "priorVersion propertyDisjointWith versionIRI versionInfo")
    | ANNOTATIONS
    | {RDF_FIRST, RDF_REST}
)
DECLARATIONS: Final = (
    _names(OWL, "AllDisjointClasses AllDisjointProperties AnnotationProperty Axiom Class DatatypeProperty")
    | _names(OWL, "DeprecatedClass DeprecatedProperty ObjectProperty Ontology OntologyProperty")
    | _names(RDF, "List Property")
    | {f"{RDFS}Class", DATATYPE, SYMMETRIC, TRANSITIVE}
)
KNOWN: Final = AXIOMS | SILENT | DECLARATIONS
# An axiom about one of these would change the rules themselves while they run.
FIXED: Final = AXIOMS | {RDF_TYPE, f"{OWL}sameAs"}
UNIVERSAL: Final = frozenset({f"{OWL}Thing", f"{RDFS}Resource"})
DATATYPES: Final = _names(RDF, "HTML PlainLiteral XMLLiteral langString") | {f"{RDFS}Literal"}
