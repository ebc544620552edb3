"""A dataset that means harm: markup in labels, addresses that run, texts that turn direction or never end.

It is a dataset all the same: the terms are those of the ontology, and its pages show them.
"""

import shutil
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg import resources
from forumkg.namespaces import ID, PREFIXES
from forumkg.rdf.terms import named

__all__ = ["LONG", "PATHS", "SCRIPT", "TURNED", "write"]

SCRIPT: Final = (
    "</title></script><script>alert(1)</script><img src=x onerror='alert(1)'>\"--><svg/onload=alert(1)>"
)
TURNED: Final = "turned \u202e txet \u2066 and never back"
LONG: Final = "long " * 20_000
TEMPLATE: Final = "{{ 7 * 7 }}{% include '/etc/passwd' %}${7 * 7}"
# A larger number cannot be computed with, and is refused when the dataset is built.
LARGEST: Final = 2**63 - 1

# Addresses that a browser would run or open, and one of another site.
_ADDRESSES: Final = (
    "javascript:alert(1)",
    "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "vbscript:alert(1)",
    "file:///etc/passwd",
    "https://example.org/?a=b&c='d'",
)

_PASSAGE: Final = f"{ID}article/evil/char=0,100"
_STATEMENTS: Final = (LONG, SCRIPT, TURNED, TEMPLATE, "plain")

# One page of each kind of thing, and the lists.
PATHS: Final = (
    *(
        f"/id/{kind}/evil.html"
        for kind in (
            "article",
            "group",
            "organization",
            "outcome",
            "period",
            "person",
            "place",
            "post",
            "role",
            "section",
            "theme",
            "thing",
            "topic",
        )
    ),
    *(f"/id/statement/evil/{number}.html" for number in range(1, len(_STATEMENTS) + 1)),
    "/id/article/evil/char=0,100.html",
    "/id/edition/2021.html",
    "/id/forum/zgc.html",
    "/id/quantity/evil/1.html",
    "/graph/articles/evil.html",
    "/shapes/Evil.html",
    "/",
    "/articles",
    "/compare",
    "/compare/countries-of-representatives",
    "/compare/countries-represented",
    "/disagreements",
    "/editions",
    "/organizations",
    "/people",
    "/themes",
)

_KINDS: Final = {
    "group/evil": ("zgc:Group", SCRIPT),
    "organization/evil": ("zgc:Organization", TURNED),
    "outcome/evil": ("zgc:Outcome", LONG),
    "period/evil": ("zgc:Period", SCRIPT),
    "person/evil": ("zgc:Person", SCRIPT),
    "place/evil": ("zgc:Place", TEMPLATE),
    "post/evil": ("zgc:Post", TURNED),
    "role/evil": ("zgc:RoleHolding", LONG),
    "section/evil": ("zgc:ProgrammeSection", SCRIPT),
    "theme/evil": ("zgc:Theme", TURNED),
    "thing/evil": ("zgc:Nothing", SCRIPT),
    "topic/evil": ("zgc:Topic", SCRIPT),
    "forum/zgc": ("zgc:Forum", SCRIPT),
    "edition/2021": ("zgc:Edition", TURNED),
    "article/evil": ("zgc:Article", SCRIPT),
}


def write(root: Path) -> Path:
    """Write the dataset into a folder, with the ontology of the package; return the folder."""
    shutil.copytree(resources.ontology_dir(), root / "ontology")
    (root / "graph" / "articles").mkdir(parents=True)
    (root / "shapes").mkdir()
    files = (("graph/entities", _entities()), ("graph/articles/evil", _article()), ("shapes/evil", _shapes()))
    for name, triples in files:
        data = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"zgc": PREFIXES["zgc"]})
        assert data is not None
        (root / f"{name}.ttl").write_bytes(data)
    return root


def _thing(name: str) -> ox.NamedNode:
    return ox.NamedNode(ID + name)


def _triple(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | str | int | bool) -> ox.Triple:
    if isinstance(value, str):
        return ox.Triple(subject, named(predicate), ox.Literal(value, language="en"))
    return ox.Triple(
        subject, named(predicate), value if isinstance(value, ox.NamedNode) else ox.Literal(value)
    )


def _shapes() -> list[ox.Triple]:
    shape = named("shapes:Evil")
    return [
        _triple(shape, "rdf:type", named("sh:NodeShape")),
        _triple(shape, "sh:targetClass", named("zgc:Edition")),
        _triple(shape, "sh:message", SCRIPT),
        ox.Triple(shape, named("sh:select"), ox.Literal(f"{TURNED}\n{LONG}")),
    ]


def _entities() -> list[ox.Triple]:
    triples = []
    for name, (class_name, label) in _KINDS.items():
        thing = _thing(name)
        triples += [
            _triple(thing, "rdf:type", named(class_name)),
            _triple(thing, "skos:prefLabel", label),
            _triple(thing, "skos:altLabel", TURNED),
            _triple(thing, "skos:definition", LONG),
            _triple(thing, "zgc:editorialNote", SCRIPT),
        ]
        for address in _ADDRESSES:
            triples += [
                ox.Triple(thing, named("rdfs:seeAlso"), ox.NamedNode(address)),
                ox.Triple(thing, ox.NamedNode(address), ox.Literal(address)),
                ox.Triple(thing, named("rdf:type"), ox.NamedNode(address)),
            ]
    return [
        *triples,
        _triple(_thing("edition/2021"), "zgc:isEditionOf", _thing("forum/zgc")),
        _triple(_thing("edition/2021"), "zgc:year", 2021),
        _triple(_thing("section/evil"), "zgc:isSectionOf", _thing("edition/2021")),
        _triple(_thing("post/evil"), "zgc:isPostIn", _thing("organization/evil")),
    ]


def _article() -> list[ox.Triple]:
    article, passage, selector = (
        _thing("article/evil"),
        ox.NamedNode(_PASSAGE),
        ox.NamedNode(f"{_PASSAGE}/selector"),
    )
    role, quantity = _thing("role/evil"), _thing("quantity/evil/1")
    triples = [
        _triple(article, "zgc:isPublishedBy", _thing("organization/evil")),
        _triple(article, "zgc:isWrittenBy", _thing("person/evil")),
        _triple(article, "zgc:codePointLength", 1000),
        ox.Triple(article, named("zgc:sha256"), ox.Literal("0" * 64)),
        ox.Triple(
            article, named("schema:url"), ox.Literal("javascript:alert(1)", datatype=named("xsd:anyURI"))
        ),
        _triple(passage, "rdf:type", named("zgc:Passage")),
        _triple(passage, "oa:hasSource", article),
        _triple(passage, "oa:hasSelector", selector),
        _triple(passage, "zgc:editorialNote", SCRIPT),
        _triple(selector, "rdf:type", named("oa:TextPositionSelector")),
        _triple(selector, "oa:start", 0),
        _triple(selector, "oa:end", 100),
        _triple(role, "zgc:hasHolder", _thing("person/evil")),
        _triple(role, "zgc:isHoldingOf", _thing("post/evil")),
        _triple(role, "zgc:isAttestedBy", passage),
        _triple(role, "zgc:wording", SCRIPT),
        _triple(quantity, "rdf:type", named("zgc:Quantity")),
        _triple(quantity, "zgc:hasIndicator", _thing("indicator/countries-of-representatives")),
        _triple(quantity, "zgc:statedNumber", LARGEST),
        _triple(quantity, "zgc:lowerBound", LARGEST),
        ox.Triple(quantity, named("zgc:unit"), ox.Literal(SCRIPT)),
    ]
    for number, words in enumerate(_STATEMENTS, 1):
        triples += _statement(_thing(f"statement/evil/{number}"), words, passage, quantity)
    return triples


def _statement(
    statement: ox.NamedNode, words: str, passage: ox.NamedNode, quantity: ox.NamedNode
) -> list[ox.Triple]:
    about = _thing("edition/2021")
    return [
        *(
            _triple(statement, "rdf:type", named(f"zgc:{kind}Statement"))
            for kind in ("Attributed", "Figure", "Outcome", "Participation", "Period", "Theme")
        ),
        _triple(statement, "zgc:isAbout", about),
        _triple(statement, "zgc:isAcceptedFor", about),
        _triple(statement, "zgc:isSupportedBy", passage),
        _triple(statement, "zgc:isSaidAs", _thing("role/evil")),
        _triple(statement, "zgc:statesTheme", _thing("theme/evil")),
        _triple(statement, "zgc:statesTopic", _thing("topic/evil")),
        _triple(statement, "zgc:statesPlace", _thing("place/evil")),
        _triple(statement, "zgc:statesPeriod", _thing("period/evil")),
        _triple(statement, "zgc:statesOutcome", _thing("outcome/evil")),
        _triple(statement, "zgc:statesHost", _thing("organization/evil")),
        _triple(statement, "zgc:statesAttendee", _thing("group/evil")),
        _triple(statement, "zgc:hasStance", _thing("code/planned")),
        _triple(statement, "zgc:hasQuantity", quantity),
        _triple(statement, "zgc:paraphrase", words),
        _triple(statement, "zgc:wording", words),
        _triple(statement, "zgc:editorialNote", words),
    ]
