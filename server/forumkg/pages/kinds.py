"""What the page of each kind of thing shows before all facts, and where things of the kind are listed."""

from dataclasses import dataclass
from typing import Final

from forumkg.pages.sections import Column, Section

__all__ = ["KINDS", "Kind"]


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


_DAY: Final = Column("day", "Attested on")
_PASSAGE: Final = Column("passage", "Passage")
_ARTICLE: Final = Column("article", "Article")
_PRINTED: Final = Column("printed", "As printed")
_STATEMENT: Final = Column("statement", "Statement")
_STATED_OF_IT: Final = Section("Statements about it", "claims-about")
_STATING: Final = Section("Statements that name it", "claims-stating")
_PARTS: Final = Section(
    "Parts taken",
    "parts-taken",
    (
        Column("event", "In"),
        Column("part", "As"),
        Column("stance", "Told as"),
        _STATEMENT,
        _ARTICLE,
    ),
)
_ARTICLES: Final = Section(
    "Articles",
    "articles-of-agent",
    (_ARTICLE, Column("part", "The article"), Column("issued", "Dated")),
)
_SECTIONS: Final = Section(
    "Sections and activities",
    "sections-of",
    (Column("section", "Section or activity"), Column("kind", "Kind")),
)

# By the class that each has, as a prefixed name.
KINDS: Final = {
    "zgc:Person": Kind(
        "Person",
        (
            Section(
                "Posts",
                "posts-held",
                (
                    Column("post", "Post"),
                    Column("organization", "In", because="zgc:isAffiliatedWith"),
                    _DAY,
                    _PRINTED,
                    _PASSAGE,
                    _ARTICLE,
                ),
                lead="A passage attests a post for a day: not since when it was held, nor until when.",
            ),
            Section("Statements they make", "claims-said-by"),
            _PARTS,
            _ARTICLES,
            _STATED_OF_IT,
        ),
        "/people",
        "People",
    ),
    "zgc:Organization": Kind(
        "Organization",
        (
            Section(
                "Posts and who holds them",
                "posts-in",
                (
                    Column("post", "Post"),
                    Column("person", "Holder", because="^zgc:isAffiliatedWith"),
                    _DAY,
                    _PASSAGE,
                    _ARTICLE,
                ),
                lead="A passage attests a post for a day: not since when it was held, nor until when.",
            ),
            _PARTS,
            Section("Statements made for it", "claims-said-for"),
            Section("Statements that are put to it", "claims-said-by"),
            _ARTICLES,
            _STATED_OF_IT,
        ),
        "/organizations",
        "Organizations",
    ),
    "zgc:Group": Kind(
        "Group",
        (_PARTS, Section("Statements they make", "claims-said-by"), _ARTICLES, _STATED_OF_IT),
        "/people",
        "People",
    ),
    "zgc:RoleHolding": Kind(
        "Holding of a post",
        (
            Section(
                "Who, what and when",
                "holding",
                (
                    Column("person", "Holder"),
                    Column("post", "Post"),
                    Column("organization", "In"),
                    _DAY,
                    _PRINTED,
                    _PASSAGE,
                    _ARTICLE,
                ),
                lead="A passage attests a post for a day: not since when it was held, nor until when.",
            ),
            Section("Statements made in this post", "claims-said-as"),
        ),
        "/people",
        "People",
    ),
    "zgc:Post": Kind(
        "Post",
        (
            Section(
                "Who is attested to hold it",
                "post-holders",
                (Column("person", "Holder"), _DAY, _PRINTED, _PASSAGE, _ARTICLE),
                lead="A passage attests a post for a day: not since when it was held, nor until when.",
            ),
        ),
        "/organizations",
        "Organizations",
    ),
    "zgc:Theme": Kind(
        "Theme",
        (
            Section(
                "In which words it is printed",
                "wordings",
                (
                    _PRINTED,
                    Column("of", "Theme of", because="^zgc:hasTheme"),
                    Column("publisher", "Printed by"),
                    Column("issued", "Dated"),
                    Column("english", "English"),
                    _STATEMENT,
                ),
            ),
            Section("The statements", "claims-stating"),
        ),
        "/themes",
        "Themes",
    ),
    "zgc:Topic": Kind(
        "Topic",
        (
            Section(
                "What deals with it",
                "topic-of",
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
                "What takes place here",
                "held-here",
                (Column("event", "Event", because="^zgc:takesPlaceIn"), Column("kind", "Kind")),
            ),
            _STATING,
            _STATED_OF_IT,
        ),
    ),
    "zgc:Period": Kind(
        "Period",
        (Section("What lies in it", "held-then", (Column("event", "Event"), Column("how", "How"))), _STATING),
    ),
    "zgc:Outcome": Kind(
        "Outcome",
        (
            Section("Announced, or under way", "claims-announcing"),
            Section(
                "Told as accomplished",
                "claims-accomplishing",
                keep_empty="No statement of these articles tells that it came about.",
            ),
            Section(
                "Plans that were kept", "kept", (Column("plan", "Plan"), Column("report", "Is fulfilled by"))
            ),
        ),
    ),
    "zgc:ProgrammeSection": Kind("Section or activity", (_SECTIONS, _STATED_OF_IT), "/editions", "Editions"),
    "zgc:Forum": Kind(
        "Forum",
        (
            Section(
                "Editions",
                "editions-of",
                (
                    Column("edition", "Edition"),
                    Column("period", "When"),
                    Column("theme", "Theme"),
                ),
            ),
            _STATED_OF_IT,
        ),
    ),
    "zgc:Quantity": Kind("Figure", (Section("The statement that gives it", "claims-with-figure"),)),
    "zgc:Indicator": Kind(
        "Indicator",
        (
            Section("Statements with a figure", "claims-of-indicator"),
            Section(
                "Indicators that are near it",
                "indicator-relatives",
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
                "code-siblings",
                (Column("value", "Value"), Column("definition", "Means"), Column("used", "Used by")),
            ),
        ),
    ),
    "skos:ConceptScheme": Kind(
        "List of values",
        (
            Section(
                "Values",
                "scheme-members",
                (Column("value", "Value"), Column("definition", "Means"), Column("used", "Used by")),
            ),
        ),
    ),
    "void:Dataset": Kind(
        "Dataset",
        (
            Section(
                "Things by class",
                "graph-classes",
                (Column("class", "Class"), Column("things", "Things")),
            ),
            Section("Graphs", "dataset-graphs", (Column("part", "Graph"), Column("triples", "Triples"))),
        ),
        "/data",
        "Data",
    ),
    "sh:NodeShape": Kind(
        "Shape",
        (Section("Used by", "shape-use", (Column("shape", "Shape"), Column("how", "By"))),),
        "/validate",
        "Validate",
    ),
    "sh:PropertyShape": Kind(
        "Shape of a property",
        (Section("Used by", "shape-use", (Column("shape", "Shape"), Column("how", "By"))),),
        "/validate",
        "Validate",
    ),
}
