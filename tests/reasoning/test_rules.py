"""Which axioms become rules, and which are refused."""

import pytest
from turtle_text import triples

from forumkg.errors import DataError
from forumkg.reasoning.rules import compile_rules


def test_compile_rules_from_no_axiom() -> None:
    """Declarations, annotations and constraints entail nothing: no rule."""
    rules = compile_rules(
        triples(
            """
            ex: a owl:Ontology ; owl:versionInfo "1" .
            ex:A a owl:Class ; rdfs:label "a" ; owl:disjointWith ex:B .
            [] a owl:AllDisjointClasses ; owl:members ( ex:A ex:B ) .
            ex:p a owl:ObjectProperty , owl:AsymmetricProperty , owl:IrreflexiveProperty .
            ex:i a owl:NamedIndividual , ex:A ; rdfs:seeAlso ex:j ; owl:differentFrom ex:j .
            """
        )
    )

    assert (rules.relations, rules.types) == ((), ())


def test_compile_rules_names_what_each_reads_and_writes() -> None:
    """A rule says which properties it reads and which one it writes, and leaves out what is there."""
    rules = compile_rules(triples("ex:p a owl:ObjectProperty . ex:r owl:propertyChainAxiom ( ex:p ex:q ) ."))

    (rule,) = rules.relations
    assert (rule.reads, rule.writes) == (
        ("http://example.org/p", "http://example.org/q"),
        "http://example.org/r",
    )
    assert rule.query == (
        "CONSTRUCT { ?s <http://example.org/r> ?o } WHERE { "
        "{ ?s <http://example.org/p> ?n1 . ?n1 <http://example.org/q> ?o . } "
        "MINUS { ?s <http://example.org/r> ?o } }"
    )


def test_compile_rules_twice_in_one_order() -> None:
    """The rules of one ontology come in one order, however its triples are ordered."""
    stated = triples(
        """
        ex:p rdfs:subPropertyOf ex:q , ex:r ; rdfs:domain ex:A ; rdfs:range ex:B .
        ex:q owl:inverseOf ex:s . ex:A rdfs:subClassOf ex:B , ex:C .
        """
    )

    assert compile_rules(stated) == compile_rules(reversed(stated))


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        (
            "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:hasValue ex:i ] .",
            "owl:hasValue, owl:onProperty",
        ),
        ("ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:allValuesFrom ex:B ] .", "owl:allValuesFrom"),
        ("[ owl:onProperty ex:p ; owl:someValuesFrom ex:B ] rdfs:subClassOf ex:A .", "owl:someValuesFrom"),
        ("ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:maxCardinality 1 ] .", "owl:maxCardinality"),
        ("ex:A owl:equivalentClass [ owl:intersectionOf ( ex:B ex:C ) ] .", "owl:intersectionOf"),
        ("ex:A owl:equivalentClass [ owl:unionOf ( ex:B ex:C ) ] .", "owl:unionOf"),
        ("ex:A owl:equivalentClass [ owl:oneOf ( ex:i ) ] .", "owl:oneOf"),
        ("ex:A owl:complementOf ex:B .", "owl:complementOf"),
        ("ex:A owl:disjointUnionOf ( ex:B ex:C ) .", "owl:disjointUnionOf"),
        ("ex:A owl:hasKey ( ex:p ) .", "owl:hasKey"),
        ("ex:A a owl:FunctionalProperty .", "owl:FunctionalProperty"),
        ("ex:A a owl:InverseFunctionalProperty .", "owl:InverseFunctionalProperty"),
        ("ex:A a owl:ReflexiveProperty .", "owl:ReflexiveProperty"),
        ("ex:A owl:sameAs ex:B .", "owl:sameAs"),
        ("ex:A owl:imports ex:B .", "owl:imports"),
    ],
)
def test_compile_rules_axiom_without_rule(stated: str, named: str) -> None:
    """An axiom that would entail something and has no rule is refused by its name."""
    with pytest.raises(DataError) as error:
        compile_rules(triples(stated))

    message = str(error.value)
    assert message.startswith("No entailment rule for ")
    assert named in message


def test_compile_rules_axiom_without_rule_names_term() -> None:
    """The message names the term whose axiom it is, through the blank nodes that lead to it."""
    with pytest.raises(DataError) as error:
        compile_rules(
            triples("zgc:Edition rdfs:subClassOf [ owl:onProperty zgc:year ; owl:hasValue 2021 ] .")
        )

    assert str(error.value) == (
        "No entailment rule for owl:hasValue, owl:onProperty on zgc:Edition. Use named classes, "
        "sub-properties, inverses and property chains, or check it with a SHACL shape."
    )


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (
            "zgc:p rdfs:subPropertyOf rdf:type .",
            "rdfs:subPropertyOf on zgc:p has rdf:type, whose meaning is fixed.",
        ),
        (
            "zgc:p owl:propertyChainAxiom zgc:q .",
            "The owl:propertyChainAxiom of zgc:p is not an RDF list: write it as ( … ).",
        ),
        (
            "zgc:p owl:propertyChainAxiom () .",
            "The owl:propertyChainAxiom of zgc:p is empty: name its properties.",
        ),
        (
            'zgc:C rdfs:subClassOf "D" .',
            'rdfs:subClassOf on zgc:C has "D": name the class or property by its IRI.',
        ),
        (
            "zgc:p owl:inverseOf _:q .",
            "owl:inverseOf on zgc:p has _:q: name the class or property by its IRI.",
        ),
    ],
)
def test_compile_rules_malformed_axiom(stated: str, message: str) -> None:
    """An axiom that is not well formed, or about what the rules themselves rest on, is refused."""
    with pytest.raises(DataError) as error:
        compile_rules(triples(stated))

    assert str(error.value) == message


@pytest.mark.parametrize(
    "stated",
    ["zgc:C owl:equivalentClass owl:Thing .", "owl:Thing rdfs:subClassOf zgc:C ."],
)
def test_compile_rules_universal_class(stated: str) -> None:
    """A class of everything would be a type of every thing: refused."""
    with pytest.raises(DataError, match="makes everything a zgc:C: remove the axiom"):
        compile_rules(triples(stated))


def test_compile_rules_cyclic_list() -> None:
    """A list that runs in a circle is refused and not followed for ever."""
    with pytest.raises(DataError, match="is not an RDF list"):
        compile_rules(triples("ex:p owl:propertyChainAxiom _:l . _:l rdf:first ex:q ; rdf:rest _:l ."))
