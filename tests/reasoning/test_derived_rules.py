"""Each rule of `ontology/rules/`: what it derives, and what it must leave alone."""

from collections.abc import Iterable

import pyoxigraph as ox
import pytest

from forumkg.namespaces import DERIVED, PREFIXES, ZGC
from forumkg.reasoning.derivation import derive, load_rules

HEADER = (
    "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    + "@prefix : <urn:test:> .\n"
)

EXACT = (
    "zgc:hasComparator code:exact ; zgc:statedNumber {0} ; "
    "zgc:lowerBound {0} ; zgc:isLowerOpen false ; zgc:upperBound {0} ; zgc:isUpperOpen false"
)
MORE_THAN = (
    "zgc:hasComparator code:more-than ; zgc:statedNumber {0} ; zgc:lowerBound {0} ; zgc:isLowerOpen true"
)
NEARLY = "zgc:hasComparator code:nearly ; zgc:statedNumber {0} ; zgc:upperBound {0} ; zgc:isUpperOpen true"


def figure(
    name: str,
    quantity: str,
    number: int,
    *,
    stance: str = "accomplished",
    article: str = "a",
    subject: str = "edition",
    indicator: str = "visitors",
    key: str = "",
) -> str:
    """Return the Turtle of a figure statement and its quantity."""
    return (
        f":{name} zgc:isAbout :{subject} ; zgc:hasStance code:{stance} ; zgc:isReportedIn :{article} ; "
        f"zgc:hasQuantity :{name}-quantity .\n"
        f":{name}-quantity zgc:hasIndicator :{indicator} ; {quantity.format(number)} {key}.\n"
    )


def thing(
    name: str, states: str, *, stance: str = "accomplished", article: str = "a", subject: str = "edition"
) -> str:
    """Return the Turtle of a statement with one property and its object."""
    return (
        f":{name} zgc:isAbout :{subject} ; zgc:hasStance code:{stance} ; zgc:isReportedIn :{article} ; "
        f"zgc:{states} .\n"
    )


HALF = "zgc:hasComparator code:exact ; zgc:ratio 0.5"
MORE_THAN_HALF = "zgc:hasComparator code:more-than ; zgc:ratio 0.5"
MOST = "zgc:hasComparator code:exact ; zgc:ratio 0.6"
SUBSET = ":guests zgc:isSubsetOf :visitors .\n"
INVITED = "hasParticipationRole code:invitee ; zgc:statesAttendee :one"

PERIODS = """
:days zgc:firstDay "2021-09-24"^^xsd:date ; zgc:lastDay "2021-09-28"^^xsd:date .
:until zgc:lastDay "2021-09-28"^^xsd:date .
:earlier zgc:firstDay "2021-09-23"^^xsd:date ; zgc:lastDay "2021-09-28"^^xsd:date .
:vague zgc:year 2021 .
"""


def derived(turtle: Iterable[str]) -> set[tuple[str, str, str]]:
    """Run all rules on the Turtle and return what they derive, by local names."""
    store = ox.Store()
    store.load(HEADER + "".join(turtle), format=ox.RdfFormat.TURTLE)
    derive(store, load_rules())
    return {
        (local(quad.subject), local(quad.predicate), local(quad.object))
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED))
    }


def local(term: object) -> str:
    """Return what is left of an IRI without its namespace."""
    return str(getattr(term, "value", term)).removeprefix(ZGC).removeprefix("urn:test:")


def both(predicate: str, one: str = "x", other: str = "y") -> set[tuple[str, str, str]]:
    """Return a symmetric pair."""
    return {(one, predicate, other), (other, predicate, one)}


CASES = {
    "other number, same hedge": (
        [figure("x", MORE_THAN, 500), figure("y", MORE_THAN, 50)],
        both("differsFrom"),
    ),
    "same number, other hedge": (
        [figure("x", MORE_THAN, 50), figure("y", EXACT, 50)],
        both("differsFrom") | both("contradicts"),
    ),
    "same number and hedge in one article": ([figure("x", EXACT, 60), figure("y", EXACT, 60)], set()),
    "same number and hedge in two articles": (
        [figure("x", EXACT, 60), figure("y", EXACT, 60, article="b")],
        both("corroborates"),
    ),
    "number written as a decimal in another article": (
        [figure("x", EXACT, 60), figure("y", EXACT.replace("{0}", "60.0"), 60, article="b")],
        both("corroborates"),
    ),
    "disjoint bounds": (
        [figure("x", EXACT, 60), figure("y", MORE_THAN, 150)],
        both("differsFrom") | both("contradicts"),
    ),
    "bounds that touch where one is open": (
        [figure("x", NEARLY, 120), figure("y", EXACT, 120)],
        both("differsFrom") | both("contradicts"),
    ),
    "overlapping bounds": ([figure("x", NEARLY, 120), figure("y", MORE_THAN, 100)], both("differsFrom")),
    "another subject": ([figure("x", EXACT, 1), figure("y", EXACT, 2, subject="other")], set()),
    "another indicator": ([figure("x", EXACT, 1), figure("y", EXACT, 2, indicator="guests")], set()),
    "another as-of day": (
        [
            figure("x", EXACT, 13, key='; zgc:asOf "2023-05-24"^^xsd:date '),
            figure("y", EXACT, 14, key='; zgc:asOf "2024-04-25"^^xsd:date '),
        ],
        set(),
    ),
    "an as-of day against none": (
        [figure("x", EXACT, 13, key='; zgc:asOf "2023-05-24"^^xsd:date '), figure("y", EXACT, 14)],
        set(),
    ),
    "another currency": (
        [
            figure("x", EXACT, 10, key='; zgc:currency "CNY" '),
            figure("y", EXACT, 2, key='; zgc:currency "USD" '),
        ],
        set(),
    ),
    "the same currency": (
        [
            figure("x", EXACT, 10, key='; zgc:currency "CNY" '),
            figure("y", EXACT, 2, key='; zgc:currency "CNY" '),
        ],
        both("differsFrom") | both("contradicts"),
    ),
    "a plan reached exactly": (
        [figure("x", EXACT, 60, stance="planned"), figure("y", EXACT, 60)],
        {("x", "isFulfilledBy", "y")},
    ),
    "a lower bound that is surpassed": (
        [figure("x", MORE_THAN, 500, stance="planned"), figure("y", EXACT, 576)],
        {("x", "isFulfilledBy", "y")} | both("differsFrom"),
    ),
    "a lower bound that the report does not ensure": (
        [figure("x", MORE_THAN, 500, stance="planned"), figure("y", MORE_THAN, 50)],
        both("differsFrom"),
    ),
    "an upper bound that is kept": (
        [figure("x", NEARLY, 400, stance="planned"), figure("y", EXACT, 388)],
        {("x", "isFulfilledBy", "y")} | both("differsFrom"),
    ),
    "a report that is no plan": ([figure("x", EXACT, 60, stance="ongoing"), figure("y", EXACT, 60)], set()),
    "above what is possible": (
        [":visitors zgc:maximumPossible 249 .\n", figure("x", MORE_THAN, 500)],
        {("x", "exceedsPossible", "visitors")},
    ),
    "just above what is possible": (
        [":visitors zgc:maximumPossible 249 .\n", figure("x", MORE_THAN, 249)],
        {("x", "exceedsPossible", "visitors")},
    ),
    "the most that is possible": ([":visitors zgc:maximumPossible 249 .\n", figure("x", EXACT, 249)], set()),
    "other first day": (
        [PERIODS, thing("x", "statesPeriod :days"), thing("y", "statesPeriod :earlier")],
        both("differsFrom") | both("contradicts"),
    ),
    "same last day, no first day": (
        [PERIODS, thing("x", "statesPeriod :days"), thing("y", "statesPeriod :until")],
        set(),
    ),
    "a period without days": (
        [PERIODS, thing("x", "statesPeriod :days"), thing("y", "statesPeriod :vague")],
        set(),
    ),
    "a planned period that ends as planned": (
        [PERIODS, thing("x", "statesPeriod :days", stance="planned"), thing("y", "statesPeriod :until")],
        {("x", "isFulfilledBy", "y")},
    ),
    "a planned period that is shifted": (
        [PERIODS, thing("x", "statesPeriod :days", stance="planned"), thing("y", "statesPeriod :earlier")],
        both("differsFrom") | both("contradicts"),
    ),
    "the same period in two articles": (
        [PERIODS, thing("x", "statesPeriod :days"), thing("y", "statesPeriod :days", article="b")],
        both("corroborates"),
    ),
    "another theme": (
        [thing("x", "statesTheme :one"), thing("y", "statesTheme :other")],
        both("differsFrom"),
    ),
    "another founding": (
        [thing("x", "statesFoundingPeriod :one"), thing("y", "statesFoundingPeriod :other")],
        both("differsFrom"),
    ),
    "two hosts": ([thing("x", "statesHost :one"), thing("y", "statesHost :other", article="b")], set()),
    "the same host in two articles": (
        [thing("x", "statesHost :one"), thing("y", "statesHost :one", article="b")],
        both("corroborates"),
    ),
    "the same location in two articles": (
        [thing("x", "statesLocation :one"), thing("y", "statesLocation :one", article="b")],
        both("corroborates"),
    ),
    "an invitation and attendance in two articles": (
        [thing("x", INVITED), thing("y", "statesAttendee :one", article="b")],
        set(),
    ),
    "an invitation in two articles": (
        [thing("x", INVITED), thing("y", INVITED, article="b")],
        both("corroborates"),
    ),
    "a speech and attendance in two articles": (
        [
            thing("x", "hasParticipationRole code:speaker ; zgc:statesAttendee :one"),
            thing("y", "statesAttendee :one", article="b"),
        ],
        both("corroborates"),
    ),
    "a plan to invite, and attendance": (
        [thing("x", INVITED, stance="planned"), thing("y", "statesAttendee :one")],
        set(),
    ),
    "a plan to invite that is kept": (
        [thing("x", INVITED, stance="planned"), thing("y", INVITED)],
        {("x", "isFulfilledBy", "y")},
    ),
    "the same share in two articles": (
        [figure("x", HALF, 0), figure("y", HALF, 0, article="b")],
        both("corroborates"),
    ),
    "another share": (
        [figure("x", HALF, 0), figure("y", MOST, 0)],
        both("differsFrom") | both("contradicts"),
    ),
    "a share that another one excludes": (
        [figure("x", HALF, 0), figure("y", MORE_THAN_HALF, 0)],
        both("differsFrom") | both("contradicts"),
    ),
    "a share that another one allows": (
        [figure("x", MOST, 0), figure("y", MORE_THAN_HALF, 0)],
        both("differsFrom"),
    ),
    "above its whole in another article": (
        [SUBSET, figure("x", EXACT, 60, indicator="guests"), figure("y", EXACT, 50, article="b")],
        both("contradicts"),
    ),
    "above its whole in the same article": (
        [SUBSET, figure("x", EXACT, 60, indicator="guests"), figure("y", EXACT, 50)],
        set(),
    ),
    "as large as its whole in another article": (
        [SUBSET, figure("x", EXACT, 50, indicator="guests"), figure("y", EXACT, 50, article="b")],
        set(),
    ),
    "an outcome that comes about": (
        [thing("x", "statesOutcome :code", stance="planned"), thing("y", "statesOutcome :code")],
        {("x", "isFulfilledBy", "y")},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_derive_case(case: str) -> None:
    """All rules together derive exactly what the case says."""
    turtle, expected = CASES[case]

    assert derived(turtle) == expected


def test_derive_own_two_quantities() -> None:
    """Two quantities of one statement are never compared with each other."""
    turtle = figure("x", EXACT, 10) + (
        f":x zgc:hasQuantity :more . :more zgc:hasIndicator :visitors ; {EXACT.format(20)} .\n"
    )

    assert derived([turtle]) == set()


def test_rules_every_rule_is_exercised() -> None:
    """Each rule file derives something in at least one case on its own."""
    idle = []
    for rule in load_rules():
        stores = []
        for turtle, _ in CASES.values():
            store = ox.Store()
            store.load(HEADER + "".join(turtle), format=ox.RdfFormat.TURTLE)
            stores.append(derive(store, [rule]))
        if not any(stores):
            idle.append(rule.path.name)

    assert idle == []
