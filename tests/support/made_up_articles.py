"""A dataset on a fair that never was: one article, whose passages nest and overlap, and its text."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from forumkg import resources
from forumkg.dataset.files import SourceFile, source_files
from forumkg.texts.reading import Text, digest

__all__ = ["ARTICLE", "EDITION", "TEXT", "made_up_files", "span", "write_made_up"]

ARTICLE: Final = "https://w3id.org/zgc-forum/id/article/kites"
EDITION: Final = "https://w3id.org/zgc-forum/id/edition/1999"

# A kite is one code point and two UTF-16 units: to count the latter gives wrong offsets.
TEXT: Final = Text.of(
    "kites.txt",
    "Kites 🪁🪁 over the lake\nBy A. Nobody\n\n"
    "Over 40 kites flew in June, said A. Nobody. Fifty are planned.\n\nShare <b>this</b>\n",
)

_HEAD: Final = """
@prefix article: <https://w3id.org/zgc-forum/id/article/> .
@prefix code: <https://w3id.org/zgc-forum/id/code/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edition: <https://w3id.org/zgc-forum/id/edition/> .
@prefix forum: <https://w3id.org/zgc-forum/id/forum/> .
@prefix indicator: <https://w3id.org/zgc-forum/id/indicator/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix organization: <https://w3id.org/zgc-forum/id/organization/> .
@prefix person: <https://w3id.org/zgc-forum/id/person/> .
@prefix q: <https://w3id.org/zgc-forum/id/quantity/kites/> .
@prefix s: <https://w3id.org/zgc-forum/id/statement/kites/> .
@prefix schema: <https://schema.org/> .
@prefix section: <https://w3id.org/zgc-forum/id/section/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix topic: <https://w3id.org/zgc-forum/id/topic/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .
"""
_ENTITIES: Final = """
forum:kites a zgc:Forum ; skos:prefLabel "Kite Fair"@en ; zgc:editorialNote "It never was."@en .
edition:1999 a zgc:Edition ; zgc:isEditionOf forum:kites ; zgc:year 1999 ;
    skos:prefLabel "Kite Fair 1999"@en .
edition:2001 a zgc:Edition ; zgc:isEditionOf forum:kites ; zgc:year 2001 ;
    skos:prefLabel "Kite Fair 2001"@en .
section:lake a zgc:ProgrammeSection ; zgc:isSectionOf edition:1999 ; skos:prefLabel "lake"@en ;
    zgc:hasSectionKind code:main-section .
section:shore a zgc:ProgrammeSection ; zgc:isSectionOf section:lake ; skos:prefLabel "shore"@en ;
    zgc:hasSectionKind code:activity .
organization:gazette a zgc:Organization ; skos:prefLabel "The Gazette"@en .
person:a-nobody a zgc:Person ; skos:prefLabel "A. Nobody"@en .
topic:kites a zgc:Topic ; skos:prefLabel "kites"@en .
indicator:kites a zgc:Indicator ; skos:prefLabel "kites"@en .
"""
_STATEMENTS: Final = """
s:1 a zgc:Statement ; zgc:isAbout edition:1999 ; zgc:statesTopic topic:kites ;
    zgc:hasStance code:accomplished ; zgc:isSupportedBy {headline}, {sentence} ;
    zgc:paraphrase "The fair was about kites."@en .
s:2 a zgc:AttributedStatement, zgc:FigureStatement ; zgc:isAbout edition:1999 ; zgc:hasQuantity q:2 ;
    zgc:isAttributedTo person:a-nobody ; zgc:hasSpeechMode code:indirect ; zgc:hasStance code:accomplished ;
    zgc:isSupportedBy {sentence}, {figure} ; zgc:paraphrase "More than 40 kites flew."@en .
q:2 a zgc:Quantity ; zgc:hasIndicator indicator:kites ; zgc:hasComparator code:more-than ;
    zgc:statedNumber 40 ; zgc:lowerBound 40 ; zgc:isLowerOpen true .
s:10 a zgc:Statement ; zgc:isAbout section:shore ; zgc:hasStance code:planned ;
    zgc:isSupportedBy {across} ; zgc:paraphrase "The kites are to fly on the shore, too."@en .
"""
_CURATION: Final = 's:1 zgc:isAcceptedFor edition:1999 . s:2 zgc:editorialNote "Nobody counted."@en .'

# The words of each passage, its part and why it is left out.
_PASSAGES: Final = {
    "headline": ("Kites 🪁🪁 over the lake", "headline", ""),
    "byline": ("By A. Nobody", "byline", ""),
    "sentence": ("Over 40 kites flew in June, said A. Nobody.", "body", ""),
    "figure": ("Over 40 kites", "body", ""),
    "across": ("said A. Nobody. Fifty are planned.", "body", ""),
    "share": ("Share <b>this</b>", "furniture", "navigation"),
}


def span(name: str) -> tuple[int, int]:
    """Return where a passage lies, in code points."""
    words = _PASSAGES[name][0]
    start = TEXT.content.index(words)
    return start, start + len(words)


def _iri(name: str) -> str:
    start, end = span(name)
    return f"{ARTICLE}/char={start},{end}"


def _passages() -> Iterator[str]:
    for name, (words, part, reason) in _PASSAGES.items():
        iri, (start, end) = _iri(name), span(name)
        omitted = f"zgc:OmittedPassage ; zgc:hasOmissionReason code:{reason}" if reason else "zgc:Passage"
        yield f"""
            <{iri}> a {omitted} ; oa:hasSource article:kites ; oa:hasSelector <{iri}/selector> ;
                zgc:hasSourcePart code:{part} ; zgc:sha256 "{digest(words)}" .
            <{iri}/selector> a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} .
        """


def _article() -> str:
    return f"""
        article:kites a zgc:Article ; skos:prefLabel "The Gazette on the kite fair"@en ;
            zgc:isPublishedBy organization:gazette ; zgc:isWrittenBy person:a-nobody ;
            zgc:hasLanguageQuality code:edited ; dcterms:issued "1999-06-30"^^xsd:date ;
            schema:url "https://gazette.example/kites"^^xsd:anyURI ; zgc:isAttestedBy <{_iri("byline")}> ;
            zgc:codePointLength {TEXT.code_point_length} ; zgc:sha256 "{TEXT.sha256}" .
    """


def write_made_up(root: Path) -> Path:
    """Write the dataset into a folder, with the shipped ontology and shapes, and return the folder."""
    for name in ("ontology", "shapes"):
        shutil.copytree(resources.root() / name, root / name)
    articles = root / "graph" / "articles"
    articles.mkdir(parents=True)
    statements = _STATEMENTS.format(**{name: f"<{_iri(name)}>" for name in _PASSAGES})
    (articles / "kites.ttl").write_text(
        _HEAD + _article() + "".join(_passages()) + statements, encoding="utf-8"
    )
    (root / "graph" / "entities.ttl").write_text(_HEAD + _ENTITIES, encoding="utf-8")
    (root / "graph" / "curation.ttl").write_text(_HEAD + _CURATION, encoding="utf-8")
    return root


def made_up_files(root: Path) -> tuple[SourceFile, ...]:
    """Write the dataset into a folder, and return its files."""
    return source_files(write_made_up(root))
