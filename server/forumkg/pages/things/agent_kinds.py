"""What the pages of those who act and speak show: people, organizations, groups and their posts."""

from typing import Final

from forumkg.pages.things.kind_columns import (
    ABOUT_IT,
    ARTICLE,
    ATTESTED,
    DAY,
    HOLDING,
    PASSAGE,
    PRINTED,
    STATEMENT,
    Kind,
)
from forumkg.pages.things.sections import Column, Section

__all__ = ["AGENT_KINDS"]

_PARTS: Final = Section(
    "Participations",
    "things/parts-taken",
    (
        Column("event", "In"),
        Column("part", "As"),
        Column("stance", "Stance"),
        STATEMENT,
        ARTICLE,
    ),
)
_ARTICLES: Final = Section(
    "Articles",
    "things/articles-of-agent",
    (ARTICLE, Column("part", "The article"), Column("issued", "Dated")),
)

# By the class that each has, as a prefixed name.
AGENT_KINDS: Final = {
    "zgc:Person": Kind(
        "Person",
        (
            Section(
                "Posts",
                "things/posts-held",
                (
                    Column("post", "Post"),
                    Column("organization", "In", because="zgc:isAffiliatedWith"),
                    DAY,
                    PRINTED,
                    PASSAGE,
                    ARTICLE,
                ),
                lead=ATTESTED,
            ),
            Section("Statements attributed to this person", "things/claims-said-by"),
            _PARTS,
            _ARTICLES,
            ABOUT_IT,
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
                    DAY,
                    PASSAGE,
                    ARTICLE,
                ),
                lead=ATTESTED,
            ),
            _PARTS,
            Section("Statements made for it", "things/claims-said-for"),
            Section("Statements attributed to it", "things/claims-said-by"),
            _ARTICLES,
            ABOUT_IT,
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
            ABOUT_IT,
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
                HOLDING,
                lead=ATTESTED,
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
                (Column("person", "Holder"), DAY, PRINTED, PASSAGE, ARTICLE),
                lead=ATTESTED,
            ),
        ),
        "/organizations",
        "Organizations",
    ),
}
