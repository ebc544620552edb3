"""The canonical Turtle of the graph's files."""

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from forumkg.errors import DataError
from forumkg.namespaces import ID, PREFIXES, prefix_lines
from forumkg.rdf.turtle.writer import canonical_turtle

PREFIX_LINES = prefix_lines(*PREFIXES)
ARTICLE = "https://w3id.org/zgc-forum/id/article/a-2021"
STATEMENT = "https://w3id.org/zgc-forum/id/statement/a-2021/"
QUANTITY = "https://w3id.org/zgc-forum/id/quantity/a-2021/"

# In no order, with a comment and with the spellings that the canonical form does not have.
UNTIDY = f"""{PREFIX_LINES}
PREFIX st: <{STATEMENT}>
role:r-1 a zgc:RoleHolding ; zgc:isAttestedBy <{ARTICLE}/char=5,9> .
<{QUANTITY}10> zgc:statedNumber "10.0"^^xsd:decimal ; zgc:isLowerOpen "true"^^xsd:boolean ; a zgc:Quantity .
<{QUANTITY}2> zgc:statedNumber "1000"^^xsd:decimal , 07 , 7 ; a zgc:Quantity .
st:10 zgc:hasQuantity <{QUANTITY}2> ; zgc:isAbout edition:2021 ; a zgc:Statement . # a comment
st:2 zgc:hasQuantity <{QUANTITY}10> ; a zgc:ThemeStatement , zgc:FigureStatement
  ; zgc:somethingElse \"\"\"two
lines\"\"\" ; zgc:editorialNote "say \\"so\\" \\u200E"@en ; zgc:paraphrase "P."@en .
<{ARTICLE}/char=10,12> a zgc:OmittedPassage ; oa:hasSelector <{ARTICLE}/char=10,12/selector> .
<{ARTICLE}/char=10,12/selector> oa:end 12 ; oa:start 10 .
<{ARTICLE}/char=40,71/selector> oa:start 40 .
<{ARTICLE}/char=40,71> a zgc:Passage .
<{ARTICLE}/char=5,9/selector> oa:start 5 .
<{ARTICLE}/char=5,9> a zgc:Passage .
article:a-2021 skos:altLabel "{"long " * 10}"@en , "{"lang " * 10}"@en ; skos:prefLabel "\u4e2d"@zh , "A"@en ;
  dcterms:issued "2021-09-15"^^xsd:date ; a zgc:Article .
"""

TIDY = f"""@prefix article: <https://w3id.org/zgc-forum/id/article/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edition: <https://w3id.org/zgc-forum/id/edition/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix q: <https://w3id.org/zgc-forum/id/quantity/a-2021/> .
@prefix role: <https://w3id.org/zgc-forum/id/role/> .
@prefix s: <https://w3id.org/zgc-forum/id/statement/a-2021/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .

article:a-2021
    a zgc:Article ;
    dcterms:issued "2021-09-15"^^xsd:date ;
    skos:prefLabel "A"@en, "\u4e2d"@zh ;
    skos:altLabel
        "{"lang " * 10}"@en,
        "{"long " * 10}"@en ;
.

<{ARTICLE}/char=5,9>
    a zgc:Passage ;
.

<{ARTICLE}/char=5,9/selector>
    oa:start 5 ;
.

<{ARTICLE}/char=40,71>
    a zgc:Passage ;
.

<{ARTICLE}/char=40,71/selector>
    oa:start 40 ;
.

<{ARTICLE}/char=10,12>
    a zgc:OmittedPassage ;
    oa:hasSelector <{ARTICLE}/char=10,12/selector> ;
.

<{ARTICLE}/char=10,12/selector>
    oa:start 10 ;
    oa:end 12 ;
.

s:2
    a zgc:FigureStatement, zgc:ThemeStatement ;
    zgc:hasQuantity q:10 ;
    zgc:paraphrase "P."@en ;
    zgc:editorialNote "say \\"so\\" \\u200E"@en ;
    zgc:somethingElse "two\\nlines" ;
.

q:10
    a zgc:Quantity ;
    zgc:statedNumber 10.0 ;
    zgc:isLowerOpen true ;
.

s:10
    a zgc:Statement ;
    zgc:isAbout edition:2021 ;
    zgc:hasQuantity q:2 ;
.

q:2
    a zgc:Quantity ;
    zgc:statedNumber "07"^^xsd:integer, 7, "1000"^^xsd:decimal ;
.

role:r-1
    a zgc:RoleHolding ;
    zgc:isAttestedBy <{ARTICLE}/char=5,9> ;
.
"""


def test_canonical_turtle_article() -> None:
    """An article's file reads as the article does: itself, passages, omissions, statements, roles."""
    assert canonical_turtle(_parsed(UNTIDY)) == TIDY


def test_canonical_turtle_several_articles() -> None:
    """Statements of several articles in one file are written in full."""
    other = STATEMENT.replace("2021", "2020")
    text = f"{PREFIX_LINES} <{STATEMENT}1> a zgc:Statement . <{other}1> a zgc:Statement ."

    assert canonical_turtle(_parsed(text)) == (
        "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n\n"
        "<https://w3id.org/zgc-forum/id/statement/a-2020/1>\n    a zgc:Statement ;\n.\n\n"
        "<https://w3id.org/zgc-forum/id/statement/a-2021/1>\n    a zgc:Statement ;\n.\n"
    )


def test_canonical_turtle_entities() -> None:
    """Things stand in the order of kinds that the table of kinds gives, and of the numbers in their names."""
    names = ["person:p", "edition:2021", "edition:900", "forum:z", "graph:entities"]
    text = PREFIX_LINES + "".join(f"{name} zgc:year 1 ." for name in names)

    blocks = canonical_turtle(_parsed(text)).split("\n\n")[1:]

    assert [block.splitlines()[0] for block in blocks] == names[::-1]


def test_canonical_turtle_small_decimal() -> None:
    """A decimal below a millionth keeps its quotes, for rdflib reads it bare as another lexical form."""
    text = PREFIX_LINES + "edition:1 zgc:statedNumber 0.000001, -0.0000099, 0.0000009, -0.00000010 ."

    assert canonical_turtle(_parsed(text)).splitlines()[-2:] == [
        '    zgc:statedNumber 0.000001, "0.0000009"^^xsd:decimal, "-0.00000010"^^xsd:decimal, -0.0000099 ;',
        ".",
    ]


def test_canonical_turtle_nothing() -> None:
    """No triples are an empty file."""
    assert canonical_turtle([]) == ""


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        (
            "_:b zgc:year 1 .",
            "The subject _:b of zgc:year has no name that others could use: give it an IRI.",
        ),
        (
            "edition:2021 zgc:hasOutcome _:b .",
            "_:b, zgc:hasOutcome of edition:2021, has no name that others could use: give it an IRI.",
        ),
        (
            "edition:2021 zgc:year <<( <x:s> <x:p> <x:o> )>> .",
            "<x:s> <x:p> <x:o>, zgc:year of edition:2021, has no name that others could use: give it an IRI.",
        ),
        (
            'edition:2021 skos:prefLabel "a"@en--ltr .',
            'Turtle 1.1 has no base direction: write "a"@en--ltr as a string with a language.',
        ),
    ],
)
def test_canonical_turtle_refused(turtle: str, message: str) -> None:
    """What has no name, or no place in Turtle 1.1, is refused with what to write instead."""
    with pytest.raises(DataError) as caught:
        canonical_turtle(_parsed(PREFIX_LINES + turtle))

    assert str(caught.value) == message


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype))


_TERM = ox.NamedNode(STATEMENT)
_LOCALS = (
    ". a a. .a a.b -a a- 1 007 10 a:b a/b char=1,2 char=1,2/selector \u00e9 %41 a'b a(b) a,b;c _ __ "
    "\u4e2d\u5173\u6751 a?b a~!$&*+@"
)
_IRIS = st.builds(
    lambda space, local: ox.NamedNode(space + local),
    st.sampled_from(
        [
            *PREFIXES.values(),
            STATEMENT,
            QUANTITY,
            f"{ARTICLE}/",
            "urn:x:",
            "urn:h#",
            f"{ID}statement/b-2020/",
            f"{ID}none/",
        ]
    ),
    st.sampled_from(["", *_LOCALS.split()]),
)
_TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text("\"'\\\n\r\t\x00\x07\x7f\x85\u2028\u202e\ufeff\U0001f600ab.@^ "),
)
_STRINGS = st.one_of(
    _TEXTS.map(ox.Literal),
    st.builds(
        lambda text, language: ox.Literal(text, language=language),
        _TEXTS,
        st.sampled_from(["en", "zh-hant-tw", "EN-gb", "base"]),
    ),
    _TEXTS.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("urn:t"))),
)
_NUMBERS = st.one_of(
    st.integers().map(lambda number: _typed(str(number), "integer")),
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda number: _typed(f"{number:f}", "decimal")),
    st.sampled_from(["true", "false"]).map(lambda text: _typed(text, "boolean")),
)
_ILL_FORMED = st.builds(
    _typed,
    st.one_of(
        st.from_regex(r"[+-]?[0-9]{0,3}(\.[0-9]{0,3})?(e[0-9])?", fullmatch=True),
        st.sampled_from(["True", "1", "", " 7", "9" * 5000]),
        _TEXTS,
    ),
    st.sampled_from(["boolean", "integer", "decimal", "double", "date"]),
)
_TRIPLES = st.lists(
    st.builds(ox.Triple, _IRIS, _IRIS, st.one_of(_IRIS, _STRINGS, _NUMBERS, _ILL_FORMED)), max_size=12
)


@given(_TRIPLES)
def test_canonical_turtle_round_trip_oxigraph(triples: list[ox.Triple]) -> None:
    """Reading back what was written gives the same triples, each literal with its lexical form."""
    assert set(_parsed(canonical_turtle(triples))) == set(triples)


@given(_TRIPLES)
def test_canonical_turtle_idempotent(triples: list[ox.Triple]) -> None:
    """The canonical form of the canonical form is itself, whatever the order of the triples."""
    text = canonical_turtle(triples)

    assert canonical_turtle(_parsed(text)) == text
    assert canonical_turtle(triples[::-1] + triples) == text


@given(st.lists(st.builds(ox.Triple, _IRIS, _IRIS, st.one_of(_IRIS, _STRINGS, _NUMBERS)), max_size=12))
@example([ox.Triple(_TERM, _TERM, _typed("0.00000099769931", "decimal"))])
def test_canonical_turtle_round_trip_rdflib(triples: list[ox.Triple]) -> None:
    """Another parser, rdflib's, reads the same graph from the canonical form as from N-Triples."""
    ntriples = "".join(f"{triple} .\n" for triple in triples)

    assert _rdflib(canonical_turtle(triples), "turtle") == _rdflib(ntriples, "nt")


def _parsed(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]


def _rdflib(text: str, format: str) -> set[tuple[str, ...]]:  # noqa: A002 (rdflib's word)
    graph = rdflib.Graph().parse(data=text, format=format)
    return {tuple(term.n3() for term in triple) for triple in graph}
