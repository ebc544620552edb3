"""Statements and things in the terms of schema.org."""

from collections.abc import Callable, Mapping
from typing import Final

from forumkg.namespaces import ZGC
from forumkg.pages.linked_data import Described, appearance, reviews, speaker_described
from forumkg.pages.statements import Statement
from forumkg.pages.things.thing import Thing

__all__ = ["statement_json_ld", "thing_json_ld"]


def statement_json_ld(statement: Statement) -> Described:
    """Return a statement as a schema.org Claim: its author, its article, and the review of the curators.

    https://schema.org/Claim
    """
    judged = tuple(reviews([statement]))
    if judged:
        return {"@graph": [_statement(statement), *judged]}
    return _statement(statement)


def _statement(statement: Statement) -> Described:
    described: Described = {
        "@type": "Claim",
        "@id": statement.iri,
        "text": statement.headline,
        "appearance": appearance(statement),
    }
    if statement.speakers:
        described["author"] = [speaker_described(each) for each in statement.speakers]
    return described


def thing_json_ld(shown: Thing, class_name: str) -> Described | None:
    """Return a thing of a class, given by its prefixed name, where schema.org has the like; else None."""
    found = _KINDS.get(class_name)
    if found is None:
        return None
    kind, more = found
    names = [value.text for value in (*shown.labels, *shown.other_labels)]
    described = {"@type": kind, "@id": shown.iri, "name": shown.name.text, **more(shown)}
    return described | {"alternateName": names} if names else described


def _links(shown: Thing, property_: str, name: str, kind: str) -> Described:
    """Return what a property of ours leads to, as a property of schema.org."""
    found = [
        {"@type": kind, "@id": value.iri, "name": value.text}
        for value in shown.values(f"{ZGC}{property_}")
        if value.iri
    ]
    return {name: found} if found else {}


def _event(shown: Thing) -> Described:
    return (
        _links(shown, "isSectionOf", "superEvent", "Event")
        | _links(shown, "takesPlaceIn", "location", "Place")
        | _links(shown, "isOrganizedBy", "organizer", "Organization")
    )


_KINDS: Final[Mapping[str, tuple[str, Callable[[Thing], Described]]]] = {
    "zgc:Person": ("Person", lambda shown: _links(shown, "isAffiliatedWith", "affiliation", "Organization")),
    "zgc:Organization": ("Organization", lambda _: {}),
    "zgc:Place": ("Place", lambda shown: _links(shown, "isLocatedIn", "containedInPlace", "Place")),
    "zgc:ProgrammeSection": ("Event", _event),
    "zgc:Forum": ("EventSeries", lambda _: {}),
}
