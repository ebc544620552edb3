"""What the page of each kind of thing shows before all facts, and where things of the kind are listed."""

from typing import Final

from forumkg.pages.things.agent_kinds import AGENT_KINDS
from forumkg.pages.things.kind_columns import ABOUT_IT, ARTICLE, ATTESTED, HOLDING, PRINTED, STATEMENT, Kind
from forumkg.pages.things.sections import Column, Section

__all__ = ["KINDS", "STATEMENT_KIND", "Kind"]

_STATING: Final = Section("Statements that name it", "things/claims-stating")
_SECTIONS: Final = Section(
    "Sections and activities",
    "things/sections-of",
    (Column("section", "Section or activity"), Column("kind", "Kind")),
)

_SHAPE: Final = (
    Section(
        "What it checks",
        "things/shape-targets",
        (Column("target", "Target"), Column("how", "Found by"), Column("shape", "As a part of")),
    ),
    Section("Used by", "things/shape-use", (Column("shape", "Shape"), Column("how", "By"))),
)

# A statement, whose page shows more than sections.
STATEMENT_KIND: Final = Kind(
    "Statement",
    (
        Section(
            "In which post it is said",
            "things/capacity",
            HOLDING,
            lead=ATTESTED,
        ),
    ),
    "/articles",
    "Articles",
)

# By the class that each has, as a prefixed name.
KINDS: Final = {
    **AGENT_KINDS,
    "zgc:Theme": Kind(
        "Theme",
        (
            Section(
                "In which words it is printed",
                "things/wordings",
                (
                    PRINTED,
                    Column("of", "Theme of", because="^zgc:hasTheme"),
                    Column("publisher", "Published by"),
                    Column("issued", "Dated"),
                    Column("english", "English"),
                    STATEMENT,
                ),
            ),
            Section("The statements", "things/claims-stating"),
        ),
        "/themes",
        "Themes",
    ),
    "zgc:Topic": Kind(
        "Topic",
        (
            Section(
                "Events on this topic",
                "things/topic-of",
                (Column("of", "Forum, edition or section", because="^zgc:hasTopic"), STATEMENT, ARTICLE),
            ),
        ),
        "/themes",
        "Themes",
    ),
    "zgc:Place": Kind(
        "Place",
        (
            Section(
                "Events here",
                "things/held-here",
                (Column("event", "Event", because="^zgc:takesPlaceIn"), Column("kind", "Kind")),
            ),
            _STATING,
            ABOUT_IT,
        ),
    ),
    "zgc:Period": Kind(
        "Period",
        (
            Section("Places within it", "things/held-then", (Column("event", "Event"), Column("how", "How"))),
            _STATING,
        ),
    ),
    "zgc:Outcome": Kind(
        "Outcome",
        (
            Section("Announced, or under way", "things/claims-announcing"),
            Section(
                "Reported as accomplished",
                "things/claims-accomplishing",
                keep_empty="No statement in these articles reports it as accomplished.",
            ),
            Section(
                "Plans that were kept",
                "things/kept",
                (Column("plan", "Plan"), Column("report", "Fulfilled by")),
            ),
        ),
    ),
    "zgc:ProgrammeSection": Kind("Section or activity", (_SECTIONS, ABOUT_IT), "/editions", "Editions"),
    "zgc:Forum": Kind(
        "Forum",
        (
            Section(
                "Editions",
                "things/editions-of",
                (
                    Column("edition", "Edition"),
                    Column("period", "When"),
                    Column("theme", "Theme"),
                ),
            ),
            ABOUT_IT,
        ),
    ),
    "zgc:Quantity": Kind("Figure", (Section("The statement that gives it", "things/claims-with-figure"),)),
    "zgc:Indicator": Kind(
        "Indicator",
        (
            Section("Statements with a figure", "things/claims-of-indicator"),
            Section(
                "Indicators that are near it",
                "things/indicator-relatives",
                (Column("indicator", "Indicator"), Column("relation", "Which is")),
                lead="Counts of other populations can be compared, but are never in conflict.",
            ),
        ),
        "/compare",
        "Compare",
    ),
    "zgc:CodedValue": Kind(
        "Coded value",
        (
            Section(
                "The values of its list",
                "things/code-siblings",
                (Column("value", "Value"), Column("definition", "Means"), Column("used", "Used by")),
            ),
        ),
    ),
    "skos:ConceptScheme": Kind(
        "List of values",
        (
            Section(
                "Values",
                "things/scheme-members",
                (Column("value", "Value"), Column("definition", "Means"), Column("used", "Used by")),
            ),
        ),
    ),
    "void:Dataset": Kind(
        "Dataset",
        (
            Section(
                "Things by class",
                "things/graph-classes",
                (Column("class", "Class"), Column("things", "Things")),
            ),
            Section(
                "Graphs", "things/dataset-graphs", (Column("part", "Graph"), Column("triples", "Triples"))
            ),
        ),
        "/data",
        "Data",
    ),
    "sh:NodeShape": Kind("Shape", _SHAPE, "/validate", "Validate"),
    "sh:PropertyShape": Kind("Shape of a property", _SHAPE, "/validate", "Validate"),
}
