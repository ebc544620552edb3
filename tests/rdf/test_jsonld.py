"""What processors of JSON-LD ignore in silence, found with its place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import DocumentError
from forumkg.formats import GRAPH_FORMATS
from forumkg.rdf.documents import read_document
from forumkg.rdf.jsonld import losses

JSON_LD = next(format_ for format_ in GRAPH_FORMATS if format_.name == "jsonld")
CONTEXT = (
    '"@context": {"e": "http://example.org/", "tr": {"@id": "e:tr", "@container": "@language"}, "off": null}'
)


def found(text: str) -> list[tuple[int | None, int | None, str]]:
    """Return the losses of a document: line, column, message."""
    return [(loss.line, loss.column, loss.message) for loss in losses(text)]


@pytest.mark.parametrize(
    ("inner", "line", "column", "message"),
    [
        (
            '"@id": "urn:a",\n "yaer": 1',
            3,
            2,
            'The key "yaer" is not a term of the @context: it is ignored, with its value.',
        ),
        ('"@id": "a", "e:b": 1', 2, 8, 'The @id "a" is a relative IRI: every fact with it is ignored.'),
        (
            '"@id": "urn:a", "e:b":\n{"@id": "../b"}',
            3,
            9,
            'The @id "../b" is a relative IRI: every fact with it is ignored.',
        ),
        (
            '"@id": "urn:a", "@type": ["e:T", "Editoin"]',
            2,
            34,
            'The @type "Editoin" is a relative IRI: every fact with it is ignored.',
        ),
        (
            '"@id": "urn:a b", "e:b": 1',
            2,
            8,
            "The @id \"urn:a b\" is not an IRI (Invalid IRI code point ' '): every fact with it is ignored.",
        ),
        (
            '"@id": "urn:a", "e:b": {"@id": "e:x y"}',
            2,
            32,
            "The @id \"e:x y\" is not an IRI (Invalid IRI code point ' '): every fact with it is ignored.",
        ),
        (
            '"@id": "urn:a", "e:b": {"@value": "x", "@language": "de_AT"}',
            2,
            53,
            '"de_AT" is not a language tag: The given language subtag is invalid.',
        ),
        (
            '"@id": "urn:a", "tr": {"en": "x", "de_AT": "y"}',
            2,
            35,
            '"de_AT" is not a language tag: The given language subtag is invalid.',
        ),
        ('"@id": "urn:a", "e:b": null, "e:c": 1', 2, 24, "null states nothing: it is ignored."),
        ('"@id": "urn:a", "e:b": {"@list": [1, null]}', 2, 38, "null states nothing: it is ignored."),
        (
            '"@id": "urn:a", "off": 1, "e:c": 1',
            2,
            17,
            'The @context maps "off" to null: it is ignored, with its value.',
        ),
        (
            '"@id": "urn:a", "_:b": 1',
            2,
            17,
            'The key "_:b" is a blank node, which cannot be a predicate: it is ignored.',
        ),
        (
            '"@id": "urn:a", "@tpye": "e:T", "e:c": 1',
            2,
            17,
            '"@tpye" is not a keyword of JSON-LD: it is ignored.',
        ),
        (
            '"@id": "urn:a", "e:b": 1, "e:b": 2',
            2,
            27,
            'The key "e:b" is in this object already: one of the two is ignored.',
        ),
        (
            '"@graph": ["x", {"@id": "urn:a", "e:c": 1}]',
            2,
            12,
            "A value directly in a graph says nothing of any node: it is ignored.",
        ),
        (
            '"@graph": [{"@value": "x"}, {"@id": "urn:a", "e:c": 1}]',
            2,
            13,
            "A value directly in a graph says nothing of any node: it is ignored.",
        ),
        (
            '"@graph": [{"@list": ["x"]}, {"@id": "urn:a", "e:c": 1}]',
            2,
            13,
            "A value directly in a graph says nothing of any node: it is ignored.",
        ),
        (
            '"@graph": [{"@set": ["x"]}, {"@id": "urn:a", "e:c": 1}]',
            2,
            22,
            "A value directly in a graph says nothing of any node: it is ignored.",
        ),
        (
            '"@graph": [{"@set": [{"@value": "x"}]}, {"@id": "urn:a", "e:c": 1}]',
            2,
            23,
            "A value directly in a graph says nothing of any node: it is ignored.",
        ),
        (
            '"@id": "urn:a", "e:b": {"@value": "x", "@direction": "rtl"}',
            2,
            40,
            "RDF 1.1 has no base direction: @direction is ignored.",
        ),
    ],
)
def test_loss(inner: str, line: int | None, column: int | None, message: str) -> None:
    """Each kind of thing that is ignored is named with the place where it stands."""
    text = f"{{{CONTEXT},\n{inner}}}"
    read_document(text, JSON_LD)

    assert found(text) == [(line, column, message)]


def test_scoped_context_that_ends() -> None:
    """A term of a class is none of the nodes below."""
    context = {"T": {"@id": "urn:T", "@context": {"p": "urn:p"}}}
    text = json.dumps({"@context": context, "@id": "urn:a", "@type": "T", "p": {"p": 1}})

    assert [message for *_, message in found(text)] == [
        'The key "p" is not a term of the @context: it is ignored, with its value.'
    ]


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"@id": "urn:a"},
        {"@context": {"@vocab": None}, "@id": "urn:a", "urn:b": 1},
        {"@context": {"@vocab": "urn:v#", "@language": None}, "a": {"b": [1, 1.0, True, "1"]}},
        {"@context": {"@base": "http://example.org/"}, "@id": "a", "@type": "urn:T"},
        {"@context": {"n": "@nest", "p": "urn:p"}, "@id": "urn:a", "n": {"p": 1}},
        {"@context": {"g": "@graph", "p": "urn:p"}, "g": [{"p": 1}]},
        {"@context": {"p": {"@id": "urn:p", "@type": "@json"}}, "p": {"x": [None, "@y"]}},
        {"@context": {"p": {"@id": "urn:p", "@type": "@id"}}, "p": "_:b"},
        {"@context": {"p": {"@reverse": "urn:p"}}, "@id": "urn:a", "p": {"@id": "urn:b"}},
        {"@context": {"p": {"@id": "urn:p", "@container": "@index"}}, "p": {"k": "v", "l": "v"}},
        {"@context": {"p": {"@id": "urn:p", "@container": "@type"}}, "p": {"urn:T": {"urn:q": 1}}},
        {"@context": {"p": {"@id": "urn:p", "@container": "@graph"}}, "@id": "urn:a", "p": {"urn:q": 1}},
        {"@id": "urn:a", "@included": [{"@id": "urn:b", "urn:p": "@home"}]},
        {"@id": "urn:a", "urn:p": [{"@list": [1, 2]}, {"@list": []}, {"@value": "1"}, {"@set": []}]},
        {"urn:p": [10**22, 10**400, 1e300, 0.1]},
    ],
)
def test_nothing_lost(document: Any) -> None:  # noqa: ANN401 (JSON)
    """What RDF expresses is not reported, whatever the context makes of it."""
    assert found(json.dumps(document)) == []


def test_facts_that_are_not_read() -> None:
    """What the reader makes less of than the document states is reported by its number."""
    nested = json.dumps({"@id": "urn:a", "urn:p": {"@list": [1, [2, 3]]}})

    assert [message for *_, message in found(nested)] == ["2 of 9 facts of the document are not read."]


@pytest.mark.parametrize("text", ['{"urn:p":' * 900 + "1" + "}" * 900, "[" * 900 + "]" * 900])
def test_deep_nesting(text: str) -> None:
    """What is nested too deeply is read or reported, and breaks nothing."""
    losses(text)


def test_scalar() -> None:
    """A document that is a string is reported, and not fetched as an address."""
    assert found('"http://127.0.0.1:9/"') == [
        (1, 1, "A JSON-LD document is an object or an array: this states nothing.")
    ]


NAMES = st.sampled_from(["a", "b", "c"])
SUBJECTS = st.builds("urn:s:{}".format, NAMES) | st.builds("e:{}".format, NAMES)
ODD_SUBJECTS = st.builds("{}/x".format, NAMES) | st.just("urn:s b") | st.just("e:a|b") | st.just("")
KEYS = st.builds("urn:k:{}".format, NAMES) | st.builds("e:k{}".format, NAMES) | st.just("term")
ODD_KEYS = st.sampled_from(["unknown", "x y", "_:k", "off", "@keyword"])
SCALARS = st.one_of(st.integers(), st.booleans(), st.floats(-1e9, 1e9), st.text("ab@é<", max_size=3))
VALUES = st.one_of(
    SCALARS,
    st.builds(lambda name: {"@id": name}, SUBJECTS),
    st.builds(
        lambda text, tag: {"@value": text, "@language": tag},
        st.text("ab"),
        st.sampled_from(["en", "zh-Hans"]),
    ),
    st.builds(lambda text: {"@value": text, "@type": "e:T"}, st.text("ab")),
    st.builds(lambda members: {"@list": members}, st.lists(SCALARS, max_size=3)),
)
ODD_VALUES = st.one_of(
    st.none(),
    st.builds(lambda name: {"@id": name}, ODD_SUBJECTS),
    st.builds(
        lambda tag: {"@value": "x", "@language": tag}, st.sampled_from(["de_AT", "e n", "toolongtag1"])
    ),
    st.builds(lambda name: {"@value": "x", "@type": name}, st.sampled_from(["T", "urn:x y"])),
)


def nodes(subjects: Any, keys: Any, values: Any) -> Any:  # noqa: ANN401 (strategies)
    """Return nodes, some of them inside others."""
    flat = st.builds(
        lambda name, said: {"@id": name, **said},
        subjects,
        st.dictionaries(keys, values, min_size=1, max_size=3),
    )
    return st.recursive(
        flat,
        lambda inner: st.builds(lambda node, key, other: {**node, key: other}, flat, keys, inner),
        max_leaves=4,
    )


def document(graph: list[Any]) -> str:
    """Return a document with nodes."""
    context = {"e": "http://example.org/", "term": "e:term", "off": None}
    return json.dumps({"@context": context, "@graph": graph})


def stated(node: Any) -> int:  # noqa: ANN401 (JSON)
    """Return how many facts a node states, each written once."""
    facts = 0
    for key, value in node.items():
        if key != "@id":
            facts += 1
            if isinstance(value, dict) and "@list" in value:
                facts += 2 * len(value["@list"])
            elif isinstance(value, dict) and "@value" not in value:
                facts += stated(value)
    return facts


@given(graph=st.lists(nodes(SUBJECTS, KEYS, VALUES), max_size=3, unique_by=lambda node: node["@id"]))
def test_good_documents_lose_nothing(graph: list[Any]) -> None:
    """Whatever is written as it should be is read, and nothing is reported."""
    assert found(document(graph)) == []


@given(data=st.data(), names=st.lists(SUBJECTS, unique=True, max_size=4))
def test_flat_documents_are_read_whole(data: st.DataObject, names: list[str]) -> None:
    """As many facts are read as are stated, each of them written once."""
    said = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)
    graph = [{"@id": name, **data.draw(said)} for name in names]
    text = document(graph)

    assert len(read_document(text, JSON_LD)) == sum(
        len(node) - 1 + sum(2 * len(value["@list"]) for value in node.values() if is_list(value))
        for node in graph
    )
    assert found(text) == []


def is_list(value: Any) -> bool:  # noqa: ANN401 (JSON)
    """Return whether a value is a list object."""
    return isinstance(value, dict) and "@list" in value


@given(
    graph=st.lists(
        nodes(SUBJECTS | ODD_SUBJECTS, KEYS | ODD_KEYS, VALUES | ODD_VALUES), min_size=1, max_size=3
    )
)
def test_all_is_read_or_reported(graph: list[Any]) -> None:
    """As many facts are read as are stated, or something is reported, each time with a place in the text."""
    text = document(graph)
    try:
        read = read_document(text, JSON_LD)
    except DocumentError:
        return
    reported = losses(text)

    if not reported:
        assert len(read) <= sum(map(stated, graph))
        assert odd(graph) == []
    assert all(loss.line and loss.column for loss in reported)


def odd(value: Any) -> list[Any]:  # noqa: ANN401 (JSON)
    """Return the parts of JSON that no processor can read."""
    if isinstance(value, list):
        return [each for inner in value for each in odd(inner)]
    if isinstance(value, dict):
        wrong = [key for key in value if key in ("unknown", "x y", "_:k", "off", "@keyword")]
        if not str(value.get("@id", "urn:")).startswith(
            ("urn:s:", "e:a", "e:b", "e:c", "urn:")
        ) or " " in str(value.get("@id")):
            wrong.append(str(value["@id"]))
        return [*wrong, *(each for inner in value.values() for each in odd(inner))]
    return [value] if value is None else []


WORDS = st.sampled_from(
    [
        "@base",
        "@container",
        "@context",
        "@direction",
        "@graph",
        "@id",
        "@included",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@protected",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@vocab",
        "@odd",
        "a",
        "b",
        "e:c",
        "urn:x",
        "urn:x:y",
        "http://[",
    ]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(
    context=st.dictionaries(
        WORDS, WORDS | st.none() | st.dictionaries(WORDS, WORDS | st.none(), max_size=3), max_size=4
    ),
    body=st.dictionaries(WORDS, ANY_JSON, max_size=4),
)
def test_any_json(context: dict[str, Any], body: dict[str, Any]) -> None:
    """Whatever the reader takes is looked at, without an error."""
    text = json.dumps({"@context": context, **body})
    try:
        read_document(text, JSON_LD)
    except DocumentError:
        return

    losses(text)
