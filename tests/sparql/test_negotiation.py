"""Choosing the format of an answer: parameters, Accept, default."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import BadRequest, NotAcceptable
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS
from forumkg.rdf.sparql_tokens import FORMS, Form
from forumkg.sparql.negotiation import MediaRange, choose, parse_accept, prefers_html, quality

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/sparql-results+xml", "xml"),
        ("APPLICATION/SPARQL-RESULTS+XML", "xml"),
        ("application/json", "json"),
        ("text/csv", "csv"),
        ("text/csv; charset=utf-8", "csv"),
        ("text/csv, */*", "csv"),
        ("*/*, text/csv", "csv"),
        ("text/csv;q=0.5, text/tab-separated-values", "tsv"),
        ("text/csv ; q=0.9 , text/tab-separated-values;q=0.8", "csv"),
        ("text/*", "csv"),
        ("text/*;q=0.5, text/tab-separated-values", "tsv"),
        ("application/*;q=0.1, text/*;q=0.2", "csv"),
        ("application/sparql-results+json;q=0, */*", "xml"),
        ("*/*;q=0.1, application/sparql-results+json;q=0.05", "xml"),
        ("application/sparql-results+json;q=0, application/json, text/csv;q=0.1", "csv"),
        ('text/plain;title="a, text/csv;q=1", text/tab-separated-values;q=0.5', "tsv"),
        ("text/csv;q=nonsense, text/tab-separated-values;q=0.1", "tsv"),
        ("nonsense", "json"),
        (BROWSER, "xml"),
        # SPARQLWrapper, for JSON
        ("application/sparql-results+json,application/json,text/javascript,application/javascript", "json"),
        # rdflib's SPARQLStore
        ("application/rdf+xml, application/sparql-results+xml", "xml"),
    ],
)
def test_results_by_accept(accept: str, name: str) -> None:
    """Rows and truth values come as the Accept header prefers, and as JSON where it does not care."""
    assert choose("SELECT", (), accept).name == name
    assert choose("ASK", (), accept).name == name


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "turtle"),
        ("*/*", "turtle"),
        ("application/ld+json", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted,x"', "jsonld"),
        ("application/n-triples", "ntriples"),
        ("text/plain", "ntriples"),
        ("application/rdf+xml", "rdfxml"),
        ("application/turtle,text/turtle", "turtle"),
        ("application/turtle", "turtle"),
        (
            "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/rdf+xml;q=0.8",
            "jsonld",
        ),
        ("text/turtle;q=0.1, application/n-triples;q=0.11", "ntriples"),
    ],
)
def test_graph_by_accept(accept: str, name: str) -> None:
    """Graphs come in the format that the Accept header prefers, Turtle where it does not care."""
    assert choose("CONSTRUCT", (), accept).name == name
    assert choose("DESCRIBE", (), accept).name == name


@pytest.mark.parametrize(
    ("form", "wishes", "name"),
    [
        ("SELECT", ("csv",), "csv"),
        ("SELECT", ("CSV",), "csv"),
        ("SELECT", ("srx",), "xml"),
        ("SELECT", ("application/sparql-results+json",), "json"),
        ("SELECT", ("text/xml",), "xml"),
        ("SELECT", ("", "tsv"), "tsv"),
        ("SELECT", ("tsv", "csv"), "tsv"),
        ("SELECT", ("turtle", "csv"), "csv"),
        ("SELECT", ("tsv", "text/tab-separated-values"), "tsv"),
        ("CONSTRUCT", ("json",), "jsonld"),
        ("CONSTRUCT", ("xml",), "rdfxml"),
        ("CONSTRUCT", ("rdf+xml", "application/rdf+xml"), "rdfxml"),
        ("CONSTRUCT", ("json-ld", "application/ld+json,application/x-json+ld"), "jsonld"),
        ("DESCRIBE", ("nt",), "ntriples"),
        ("DESCRIBE", ("n3",), "turtle"),
    ],
)
def test_by_parameter(form: Form, wishes: tuple[str, ...], name: str) -> None:
    """A format that is asked for by parameter goes before the Accept header, even one that excludes it."""
    assert choose(form, wishes, "image/png, */*;q=0").name == name


def test_parameter_of_the_other_family() -> None:
    """A wish for a graph format does not disturb a SELECT: the Accept header decides."""
    assert choose("SELECT", ("turtle",), "text/csv").name == "csv"
    assert choose("CONSTRUCT", ("csv",), "").name == "turtle"
    assert choose("SELECT", ("text/html",), "").name == "json"


def test_parameter_unknown() -> None:
    """A name that no format has is refused with the names there are."""
    with pytest.raises(BadRequest) as raised:
        choose("SELECT", ("cvs",), "")

    assert str(raised.value) == "There is no format 'cvs'. Write one of: json, xml, csv, tsv."


@pytest.mark.parametrize(
    ("form", "accept", "offer"),
    [
        ("SELECT", "image/png", RESULT_FORMATS),
        ("SELECT", "text/turtle", RESULT_FORMATS),
        ("ASK", "*/*;q=0", RESULT_FORMATS),
        ("CONSTRUCT", "text/csv", GRAPH_FORMATS),
    ],
)
def test_not_acceptable(form: Form, accept: str, offer: tuple[object, ...]) -> None:
    """An Accept header that names nothing offered is refused with the list of what is."""
    offered = RESULT_FORMATS if offer is RESULT_FORMATS else GRAPH_FORMATS
    with pytest.raises(NotAcceptable) as raised:
        choose(form, (), accept)

    assert str(raised.value) == (
        f"Cannot produce {accept!r}. Send one of: {', '.join(format_.media_type for format_ in offered)}."
    )


@pytest.mark.parametrize(
    ("accept", "expected"),
    [(BROWSER, True), ("text/html", True), ("*/*", False), ("", False), ("text/html;q=0.5, text/csv", False)],
)
def test_prefers_html(accept: str, expected: bool) -> None:
    """A browser is known by naming HTML before all else."""
    assert prefers_html(accept) is expected


def test_parse_accept_whole() -> None:
    """A header is read into its ranges, with weights, without other parameters."""
    assert parse_accept('Text/HTML;level="1;q=0.3";Q=0.5, */*;q=0.001,, x') == (
        MediaRange("text", "html", 0.5),
        MediaRange("*", "*", 0.001),
    )


@given(st.text(), st.sampled_from(FORMS))
def test_any_header(accept: str, form: Form) -> None:
    """Any header chooses a format or is refused."""
    try:
        chosen = choose(form, (), accept)
    except NotAcceptable:
        return
    assert chosen in RESULT_FORMATS + GRAPH_FORMATS


_WEIGHTS = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


@given(st.dictionaries(st.sampled_from([f.media_type for f in RESULT_FORMATS]), _WEIGHTS, min_size=1))
def test_highest_weight_wins(weights: dict[str, float]) -> None:
    """Among registered media types the highest weight wins, in whatever order they stand."""
    accept = ", ".join(f"{media_type};q={weight:.3f}" for media_type, weight in weights.items())
    best = max(weights.values())
    if best == 0:
        with pytest.raises(NotAcceptable):
            choose("SELECT", (), accept)
    else:
        assert weights[choose("SELECT", (), accept).media_type] == best


@given(_WEIGHTS, _WEIGHTS, _WEIGHTS, st.permutations([0, 1, 2]))
def test_most_specific_range_counts(exact: float, kind: float, anything: float, order: list[int]) -> None:
    """The weight of a media type is that of the most specific range, wherever it stands."""
    ranges = (MediaRange("text", "csv", exact), MediaRange("text", "*", kind), MediaRange("*", "*", anything))
    shuffled = tuple(ranges[index] for index in order)

    assert quality("text/csv", shuffled) == (exact, 2)
    assert quality("text/turtle", shuffled) == (kind, 1)
    assert quality("image/png", shuffled) == (anything, 0)


def test_long_accept_header() -> None:
    """Of a header with thousands of media ranges, the first hundred are read."""
    header = ", ".join(["text/turtle"] * 100 + ["text/csv"] * 10_000)

    assert parse_accept(header) == (MediaRange("text", "turtle"),) * 100
