"""The kinds of things: the sections of their pages, and where things of the kind are listed."""

from dataclasses import dataclass
from typing import Final

from forumkg.pages.languages import N_
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
        names_its_list: whether the page is called by the kind alone: People, of persons.
    """

    name: str
    sections: tuple[Section, ...] = ()
    path: str = ""
    list_name: str = ""
    names_its_list: bool = False


_ATTESTED: Final = N_("A passage attests a post on a day: neither since when nor until when it was held.")
_DAY: Final = Column("day", N_("Attested on"))
_PASSAGE: Final = Column("passage", N_("Passage"))
_ARTICLE: Final = Column("article", N_("Article"))
_PRINTED: Final = Column("printed", N_("As printed"))
_STATEMENT: Final = Column("statement", N_("Statement"))
_HOLDING: Final = (
    Column("person", N_("Holder")),
    Column("post", N_("Post")),
    Column("organization", N_("Organization")),
    _DAY,
    _PRINTED,
    _PASSAGE,
    _ARTICLE,
)
_ABOUT_IT: Final = Section(N_("Statements about it"), "things/claims-about")


_PARTS: Final = Section(
    N_("Participations"),
    "things/parts-taken",
    (
        Column("event", N_("Event")),
        Column("part", N_("Role")),
        Column("stance", N_("Stance")),
        _STATEMENT,
        _ARTICLE,
    ),
)
_ARTICLES: Final = Section(
    N_("Articles"),
    "things/articles-of-agent",
    (_ARTICLE, Column("part", N_("The article")), Column("issued", N_("Dated"))),
)

_CODES: Final = (
    Column("value", N_("Value")),
    Column("definition", N_("Means")),
    Column("used", N_("Uses")),
)

# By the class that each has, as a prefixed name.
_AGENT_KINDS: Final = {
    "zgc:Person": Kind(
        N_("Person"),
        (
            Section(N_("Statements attributed to this person"), "things/claims-said-by"),
            Section(
                N_("Posts"),
                "things/posts-held",
                (
                    Column("post", N_("Post")),
                    Column("organization", N_("Organization"), because="zgc:isAffiliatedWith"),
                    _DAY,
                    _PRINTED,
                    _PASSAGE,
                    _ARTICLE,
                ),
                lead=_ATTESTED,
            ),
            _PARTS,
            _ARTICLES,
            _ABOUT_IT,
        ),
        "/people",
        N_("People"),
        names_its_list=True,
    ),
    "zgc:Organization": Kind(
        N_("Organization"),
        (
            Section(
                N_("Posts and who holds them"),
                "things/posts-in",
                (
                    Column("post", N_("Post")),
                    Column("person", N_("Holder"), because="^zgc:isAffiliatedWith"),
                    _DAY,
                    _PASSAGE,
                    _ARTICLE,
                ),
                lead=_ATTESTED,
            ),
            _PARTS,
            Section(N_("Statements made for it"), "things/claims-said-for"),
            Section(N_("Statements attributed to it"), "things/claims-said-by"),
            _ARTICLES,
            _ABOUT_IT,
        ),
        "/organizations",
        N_("Organizations"),
        names_its_list=True,
    ),
    "zgc:Group": Kind(
        N_("Group"),
        (
            _PARTS,
            Section(N_("Statements attributed to it"), "things/claims-said-by"),
            _ARTICLES,
            _ABOUT_IT,
        ),
        "/people",
        N_("People"),
    ),
    "zgc:RoleHolding": Kind(
        N_("Holding of a post"),
        (
            Section(
                N_("Who, what and when"),
                "things/holding",
                _HOLDING,
                lead=_ATTESTED,
            ),
            Section(N_("Statements made in this post"), "things/claims-said-as"),
        ),
        "/people",
        N_("People"),
    ),
    "zgc:Post": Kind(
        N_("Post"),
        (
            Section(
                N_("Attested holders"),
                "things/post-holders",
                (Column("person", N_("Holder")), _DAY, _PRINTED, _PASSAGE, _ARTICLE),
                lead=_ATTESTED,
            ),
        ),
        "/organizations",
        N_("Organizations"),
    ),
}


_STATING: Final = Section(N_("Statements that name it"), "things/claims-stating")
_SECTIONS: Final = Section(
    N_("Sections and activities"),
    "things/sections-of",
    (Column("section", N_("Section or activity")), Column("kind", N_("Kind"))),
)

_SHAPE: Final = (
    Section(
        N_("What it checks"),
        "things/shape-targets",
        (Column("target", N_("Target")), Column("how", N_("Found by")), Column("shape", N_("As a part of"))),
    ),
    Section(N_("Used by"), "things/shape-use", (Column("shape", N_("Shape")), Column("how", N_("By")))),
)

# A statement, whose page shows more than sections.
STATEMENT_KIND: Final = Kind(
    N_("Statement"),
    (
        Section(
            N_("In which post it is said"),
            "things/capacity",
            _HOLDING,
            lead=_ATTESTED,
        ),
    ),
    "/statements",
    N_("Statements"),
    names_its_list=True,
)

# By the class that each has, as a prefixed name.
KINDS: Final = {
    **_AGENT_KINDS,
    "zgc:Theme": Kind(
        N_("Theme"),
        (
            Section(
                N_("In which words it is printed"),
                "things/wordings",
                (
                    _PRINTED,
                    Column("of", N_("Theme of"), because="^zgc:hasTheme"),
                    Column("publisher", N_("Published by")),
                    Column("issued", N_("Dated")),
                    Column("english", N_("English")),
                    _STATEMENT,
                ),
            ),
            Section(N_("The statements"), "things/claims-stating"),
        ),
        "/themes",
        N_("Themes"),
        names_its_list=True,
    ),
    "zgc:Topic": Kind(
        N_("Topic"),
        (
            Section(
                N_("Events on this topic"),
                "things/topic-of",
                (
                    Column("of", N_("Forum, edition or section"), because="^zgc:hasTopic"),
                    _STATEMENT,
                    _ARTICLE,
                ),
            ),
        ),
        "/themes",
        N_("Themes"),
    ),
    "zgc:Place": Kind(
        N_("Place"),
        (
            Section(
                N_("Events here"),
                "things/held-here",
                (Column("event", N_("Event"), because="^zgc:takesPlaceIn"), Column("kind", N_("Kind"))),
            ),
            _STATING,
            _ABOUT_IT,
        ),
    ),
    "zgc:Period": Kind(
        N_("Period"),
        (
            Section(
                N_("Events at this time"),
                "things/held-then",
                (Column("event", N_("Event")), Column("how", N_("How"))),
            ),
            _STATING,
        ),
    ),
    "zgc:Outcome": Kind(
        N_("Outcome"),
        (
            Section(N_("Announced, or printed as ongoing"), "things/claims-announcing"),
            Section(
                N_("Reported as accomplished"),
                "things/claims-accomplishing",
                keep_empty=N_("No statement in these articles reports it as accomplished."),
            ),
            Section(
                N_("Plans that were kept"),
                "things/kept",
                (Column("plan", N_("Plan")), Column("report", N_("Fulfilled by"))),
            ),
        ),
    ),
    "zgc:ProgrammeSection": Kind(
        N_("Section or activity"), (_SECTIONS, _ABOUT_IT), "/editions", N_("Editions")
    ),
    "zgc:Forum": Kind(
        N_("Forum"),
        (
            Section(
                N_("Editions"),
                "things/editions-of",
                (
                    Column("edition", N_("Edition")),
                    Column("period", N_("When")),
                    Column("theme", N_("Theme")),
                ),
            ),
            _ABOUT_IT,
        ),
    ),
    "zgc:Quantity": Kind(
        N_("Figure"), (Section(N_("The statement that gives it"), "things/claims-with-figure"),)
    ),
    "zgc:Indicator": Kind(
        N_("Indicator"),
        (
            Section(N_("Statements with a figure"), "things/claims-of-indicator"),
            Section(
                N_("Similar indicators"),
                "things/indicator-relatives",
                (Column("indicator", N_("Indicator")), Column("relation", N_("Relation"))),
                lead=N_("Counts of other populations can be compared, but are never in conflict."),
            ),
        ),
        "/compare",
        N_("Compare"),
    ),
    "zgc:CodedValue": Kind(
        N_("Coded value"),
        (
            Section(
                N_("The values of its list"),
                "things/code-siblings",
                _CODES,
            ),
        ),
    ),
    "skos:ConceptScheme": Kind(
        N_("List of values"),
        (
            Section(
                N_("Values"),
                "things/scheme-members",
                _CODES,
            ),
        ),
    ),
    "void:Dataset": Kind(
        N_("Dataset"),
        (
            Section(
                N_("Things by class"),
                "things/graph-classes",
                (Column("class", N_("Class")), Column("things", N_("Things"))),
            ),
            Section(
                N_("Graphs"),
                "things/dataset-graphs",
                (Column("part", N_("Graph")), Column("triples", N_("Triples"))),
            ),
        ),
        "/data",
        N_("Data"),
    ),
    "sh:NodeShape": Kind(N_("Shape"), _SHAPE, "/validate", N_("Validate")),
    "sh:PropertyShape": Kind(N_("Shape of a property"), _SHAPE, "/validate", N_("Validate")),
}
