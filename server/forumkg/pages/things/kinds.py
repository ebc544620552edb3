"""The kinds of things: the sections of their pages, and where things of the kind are listed."""

from dataclasses import dataclass
from typing import Final

from forumkg.pages.things.sections import Column, Section

__all__ = ["KINDS", "STATEMENT_KIND", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing.

    Attributes:
        name: what one of them is called.
        sections: what its page shows.
        path: of the page that lists all of them.
        list_name: what that page is called.
    """

    name: str
    sections: tuple[Section, ...] = ()
    path: str = ""
    list_name: str = ""


_ATTESTED: Final = "A passage attests a post on a day: neither since when nor until when it was held."
_DAY: Final = Column("day", "Attested on")
_PASSAGE: Final = Column("passage", "Passage")
_ARTICLE: Final = Column("article", "Article")
_PRINTED: Final = Column("printed", "As printed")
_STATEMENT: Final = Column("statement", "Statement")
_HOLDING: Final = (
    Column("person", "Holder"),
    Column("post", "Post"),
    Column("organization", "In"),
    _DAY,
    _PRINTED,
    _PASSAGE,
    _ARTICLE,
)
_ABOUT_IT: Final = Section("Statements about it", "things/claims-about")


_PARTS: Final = Section(
    "Participations",
    "things/parts-taken",
    (
        Column("event", "In"),
        Column("part", "As"),
        Column("stance", "Stance"),
        _STATEMENT,
        _ARTICLE,
    ),
)
_ARTICLES: Final = Section(
    "Articles",
    "things/articles-of-agent",
    (_ARTICLE, Column("part", "The article"), Column("issued", "Dated")),
)

# By the class that each has, as a prefixed name.
_AGENT_KINDS: Final = {
    "zgc:Person": Kind(
        "Person",
        (
            Section(
                "Posts",
                "things/posts-held",
                (
                    Column("post", "Post"),
                    Column("organization", "In", because="zgc:isAffiliatedWith"),
                    _DAY,
                    _PRINTED,
                    _PASSAGE,
                    _ARTICLE,
                ),
                lead=_ATTESTED,
            ),
            Section("Statements attributed to this person", "things/claims-said-by"),
            _PARTS,
            _ARTICLES,
            _ABOUT_IT,
        ),
        "/people",
        "People",
    ),
    "zgc:Organization": Kind(
        "Organization",
        (
            Section(
                "Posts and who holds them",
                "things/posts-in",
                (
                    Column("post", "Post"),
                    Column("person", "Holder", because="^zgc:isAffiliatedWith"),
                    _DAY,
                    _PASSAGE,
                    _ARTICLE,
                ),
                lead=_ATTESTED,
            ),
            _PARTS,
            Section("Statements made for it", "things/claims-said-for"),
            Section("Statements attributed to it", "things/claims-said-by"),
            _ARTICLES,
            _ABOUT_IT,
        ),
        "/organizations",
        "Organizations",
    ),
    "zgc:Group": Kind(
        "Group",
        (
            _PARTS,
            Section("Statements attributed to this person", "things/claims-said-by"),
            _ARTICLES,
            _ABOUT_IT,
        ),
        "/people",
        "People",
    ),
    "zgc:RoleHolding": Kind(
        "Holding of a post",
        (
            Section(
                "Who, what and when",
                "things/holding",
                _HOLDING,
                lead=_ATTESTED,
            ),
            Section("Statements made in this post", "things/claims-said-as"),
        ),
        "/people",
        "People",
    ),
    "zgc:Post": Kind(
        "Post",
        (
            Section(
                "Attested holders",
                "things/post-holders",
                (Column("person", "Holder"), _DAY, _PRINTED, _PASSAGE, _ARTICLE),
                lead=_ATTESTED,
            ),
        ),
        "/organizations",
        "Organizations",
    ),
}


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
            _HOLDING,
            lead=_ATTESTED,
        ),
    ),
    "/articles",
    "Articles",
)

# By the class that each has, as a prefixed name.
KINDS: Final = {
    **_AGENT_KINDS,
    "zgc:Theme": Kind(
        "Theme",
        (
            Section(
                "In which words it is printed",
                "things/wordings",
                (
                    _PRINTED,
                    Column("of", "Theme of", because="^zgc:hasTheme"),
                    Column("publisher", "Published by"),
                    Column("issued", "Dated"),
                    Column("english", "English"),
                    _STATEMENT,
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
                (Column("of", "Forum, edition or section", because="^zgc:hasTopic"), _STATEMENT, _ARTICLE),
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
            _ABOUT_IT,
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
    "zgc:ProgrammeSection": Kind("Section or activity", (_SECTIONS, _ABOUT_IT), "/editions", "Editions"),
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
            _ABOUT_IT,
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
