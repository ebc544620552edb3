"""The lines of subjects, predicates and objects in Turtle of any layout."""

import string
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.rdf.turtle.positions import Locations, locations

ROOT = Path(__file__).parents[2]
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
EX = "http://example.org/"

ODD_LAYOUT = r"""# A comment with "quotes" and a . full stop
@prefix ex: <http://example.org/> . @base
  <http://example.org/base/> .
PREFIX : <#>
ex:a a ex:Thing ;
  ex:says "it's # no comment", '''three
lines "inside"
of text'''@en-GB ; # a real comment; with marks .
  ex:size 1.5e3 , -.5,
    7 ;
  ex:knows [ ex:name "nested" ; ex:list ( 1 ( ex:deep ) "x"^^ex:type ) ] ,
    <relative> ;;
.
<relative> :local\,name%41 true .ex:b.c ex:p _:label.
_:label ex:p "a\"b\u00e9\n"
, "x"@base .
[] ex:p ex:anonymous . [ ex:p 1 ] ex:q 2 .
base <../up/> <x> ex:p <y>.
"""


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "line"),
    [
        ("a", None, None, 5),
        ("a", RDF_TYPE, f"{EX}Thing", 5),
        ("a", "says", None, 6),
        ("a", "says", 'three\nlines "inside"\nof text', 6),
        ("a", "size", "1.5e3", 9),
        ("a", "size", "7", 10),
        ("a", "knows", f"{EX}base/relative", 12),
        ("a", "absent", None, 5),
        ("a", "size", "8", 9),
        ("base/relative", "base/#local,name%41", "true", 14),
        ("b.c", "p", "_:label", 14),
        ("_:label", "p", 'a"b\u00e9\n', 15),
        ("_:label", "p", "x", 16),
        ("up/x", "p", f"{EX}up/y", 18),
        ("absent", None, None, None),
    ],
)
def test_line_odd_layout(subject: str, predicate: str | None, value: str | None, line: int | None) -> None:
    """Objects, predicates and subjects are found on their lines, and what is absent falls back."""
    found = locations(ODD_LAYOUT)

    assert found.line(_absolute(subject), predicate and _absolute(predicate), value) == line


def test_locations_odd_layout_prefixes_and_comments() -> None:
    """The prefixes of a text are resolved, and each comment has its line."""
    found = locations(ODD_LAYOUT)

    assert dict(found.prefixes) == {"ex": EX, "": f"{EX}base/#"}
    assert found.comments == (1, 8)


def test_locations_odd_layout_is_turtle() -> None:
    """The odd layout is Turtle for the parser too, and all that it says is located."""
    assert _missing(ODD_LAYOUT) == set()


@pytest.mark.parametrize(
    "text",
    ["<http://e/a> <http://e/p> ", '<http://e/a> <http://e/p> "', "\ufeff", "] ) . ;", "<a> a <\\U00110000>"],
)
def test_locations_broken_text(text: str) -> None:
    """A text that is not Turtle is located as far as it goes, without an error."""
    assert locations(text, EX).line("http://e/b") is None


@given(st.text(alphabet="<>\"'[](){}.;,:@^_#\\ \nabu0-"), st.sampled_from([None, EX, "no iri"]))
def test_locations_any_text(text: str, base: str | None) -> None:
    """No text makes the search fail."""
    assert isinstance(locations(text, base), Locations)


# Turtle in odd layouts, made from the grammar: each strategy gives text.

_GAP = st.sampled_from([" ", "\n", "\t ", "\r\n", ' # a comment . ; <x> "\n', "\n\n  "])
_LOCAL = st.sampled_from(
    ["a", "b1", "x.y", "c:d", "\u00e9", "\u4e2d\u5173\u6751", "p%41", "q\\,r", "_1", "7", "s-t"]
)
_IRI = st.one_of(
    _LOCAL.map("ex:{}".format),
    _LOCAL.map(":{}".format),
    st.sampled_from(
        [f"<{EX}full>", "<relative>", "<../up?q#f>", "<#part>", "<>", "<\\u0061bc>", "<urn:x:y>", "ex:", ":"]
    ),
)
_BLANK = st.sampled_from(["_:n", "_:n.1", "_:1"])
_QUOTED = st.builds(
    lambda quote, inner: f"{quote}{inner}{quote}",
    st.sampled_from(['"', "'"]),
    st.sampled_from(["", "plain", "\\\"\\'", "# no comment", "\\u0041\\U0001F600", "a . b ; c , [", "\\\\"]),
)
_LONG = st.builds(
    lambda quote, inner: f"{quote}{inner}{quote}",
    st.sampled_from(['"""', "'''"]),
    st.sampled_from(["", "two\nlines", "a\" ' b", "\\\"\\'", "\"\" '' x", "# no\n# comment", "\r\n\\n\\\\"]),
)
_LITERAL = st.one_of(
    st.builds(
        "{}{}".format,
        st.one_of(_QUOTED, _LONG),
        st.sampled_from(["", "@en", "@zh-Hant-TW", "@base", "^^ex:t", "^^<t>"]),
    ),
    st.sampled_from(["1", "-2", "+3.0", ".5", "1e9", "1.E-3", "true", "false", "007"]),
)
_OBJECT = st.recursive(
    st.one_of(_IRI, _BLANK, _LITERAL),
    lambda children: st.one_of(
        st.lists(children, max_size=3).map(lambda items: f"( {' '.join(items)} )"),
        st.builds("[ {} ]".format, st.deferred(lambda: _predicates(children))),
        st.just("[]"),
    ),
    max_leaves=4,
)


def _predicates(objects: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    verb = st.one_of(_IRI, st.just("a"))
    values = st.builds(
        lambda gap, items: f"{gap},{gap}".join(items), _GAP, st.lists(objects, min_size=1, max_size=3)
    )
    pair = st.builds(lambda predicate, gap, value: f"{predicate}{gap}{value}", verb, _GAP, values)
    separator = st.sampled_from([" ; ", ";\n", " ;; ", "\n;"])
    return st.builds(lambda gap, pairs: gap.join(pairs), separator, st.lists(pair, min_size=1, max_size=3))


_STATEMENT = st.one_of(
    st.builds(
        lambda subject, gap, pairs: f"{subject}{gap}{pairs} .",
        st.one_of(_IRI, _BLANK, st.just("[]"), st.just("( 1 ex:a )")),
        _GAP,
        _predicates(_OBJECT),
    ),
    st.builds("[ {} ] .".format, _predicates(_OBJECT)),
    st.sampled_from(
        [
            f"@prefix ex: <{EX}other/> .",
            f"PREFIX : <{EX}again#>",
            "@base <sub/> .",
            f"base <{EX}new>",
            "prefix ex: <relative/>",
        ]
    ),
)
_DOCUMENT = st.builds(
    lambda gaps, statements: (
        f"@prefix ex: <{EX}> .\nPREFIX : <#>\n"
        + "".join(statement + gap for statement, gap in zip(statements, gaps, strict=False))
    ),
    st.lists(_GAP, min_size=5, max_size=5),
    st.lists(_STATEMENT, max_size=5),
)


@given(_DOCUMENT)
def test_line_any_layout(text: str) -> None:
    """Every subject, predicate and object that the parser reads from a text has a line."""
    assert _missing(text) == set()


@given(st.lists(st.sampled_from(string.ascii_lowercase), min_size=1, unique=True), st.data())
def test_line_is_where_it_was_written(names: list[str], data: st.DataObject) -> None:
    """The line of a predicate is the line that it was written on."""
    text, expected = f"@prefix ex: <{EX}> .\n", {}
    for name in names:
        text += "\n" * data.draw(st.integers(0, 3)) + f"ex:{name}"
        text += "\n" * data.draw(st.integers(0, 3)) + " ex:p"
        expected[name] = text.count("\n") + 1
        value = data.draw(st.sampled_from(["", "1\n2", "#"]))
        text += f' """{value}""" . # end\n'

    found = locations(text)

    assert {name: found.line(EX + name, f"{EX}p") for name in names} == expected


@pytest.mark.parametrize(
    "path",
    sorted(
        path for folder in ("ontology", "graph", "shapes", "tests") for path in (ROOT / folder).rglob("*.ttl")
    ),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_line_repository_file(path: Path) -> None:
    """Everything that a Turtle file of the repository says is located."""
    assert _missing(path.read_text(encoding="utf-8")) == set()


def _absolute(name: str) -> str:
    return name if name.startswith(("_:", "http")) else EX + name


def _missing(text: str, base: str = f"{EX}base/doc") -> set[tuple[str, str, str]]:
    """Return what the parser reads from a text, and the search does not find at its own place.

    A blank node that has no label in the text has a random one in the triples.
    """
    found = locations(text, base)
    triples = {
        tuple(_named(term, text) for term in (quad.subject, quad.predicate, quad.object))
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=base)
    }
    places = ((s, p, o) for s, p, o in triples if s is not None)
    return {(s, str(p), str(o)) for s, p, o in places if (s, p, o) not in found.lines}


def _named(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, text: str) -> str | None:
    match term:
        case ox.BlankNode():
            return f"_:{term.value}" if f"_:{term.value}" in text else None
        case ox.Triple():
            raise AssertionError(term)
    if term.value == f"{RDF_TYPE.removesuffix('type')}nil":
        return None
    return term.value


def test_locations_line_ends_of_old_macs() -> None:
    """A carriage return alone ends a line, too, and with a line feed it is one end."""
    found = locations("<urn:a>\r  <urn:b> 1 ;\r\n  <urn:c> 2 .\r")

    assert (found.line("urn:a", "urn:b"), found.line("urn:a", "urn:c")) == (2, 3)
