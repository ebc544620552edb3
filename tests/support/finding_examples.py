"""The examples of findings in tests/data/findings.toml, as datasets that can be checked without SHACL."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from forumkg.dataset.files import SourceFile, source_files
from forumkg.formats import GRAPH_FORMATS
from forumkg.namespaces import GRAPH, ID, PREFIXES, prefix_lines
from forumkg.rdf.reading import parse, read_text
from forumkg.rdf.turtle.writer import canonical_turtle
from forumkg.texts.reading import Text, digest
from forumkg.validation.evidence import check_passages, check_texts
from forumkg.validation.findings import Finding
from forumkg.validation.references import check_references
from forumkg.validation.usage import check_usage
from forumkg.validation.workspace import CheckedFile, Workspace

__all__ = ["EXAMPLES", "Example", "Side"]

Side = Literal["wrong", "right"]

_SOURCE: Final = Path(__file__).resolve().parents[1] / "data" / "findings.toml"
_ARTICLE: Final = f"{ID}article/gazette-2030"
_ENTITIES: Final = """
forum:river a zgc:Forum ; skos:prefLabel "River Forum"@en .
edition:2030 a zgc:Edition ; zgc:isEditionOf forum:river ; zgc:year 2030 ;
    skos:prefLabel "River Forum 2030"@en .
organization:gazette a zgc:Organization ; skos:prefLabel "River Gazette"@en .
"""


@dataclass(frozen=True)
class Example:
    """A finding that the wrong side of an example has, and the right side has not.

    Attributes:
        check: the short name of the check.
        severity: the severity of the finding.
        about: the rule, as docs/findings.md has it.
        text: the text of the invented article.
        wrong_passages: the words of each passage, on the wrong side.
        right_passages: the same on the right side.
        common: Turtle of both sides.
        wrong: Turtle that has the finding.
        right: Turtle that does not.
        curation: the judgement of both sides.
    """

    check: str
    severity: str
    about: str
    text: str
    wrong: str
    right: str
    wrong_passages: Sequence[str]
    right_passages: Sequence[str]
    common: str = ""
    curation: str = "s:1 zgc:isAcceptedFor edition:2030 ."

    def passages(self, side: Side) -> Sequence[str]:
        """Return the words of the passages of one side."""
        return self.wrong_passages if side == "wrong" else self.right_passages

    def turtle(self, side: Side) -> str:
        """Return what one side says."""
        return (self.wrong if side == "wrong" else self.right).strip()

    def findings(self, side: Side) -> list[Finding]:
        """Return what the checks find that are not SHACL's."""
        text = Text.of("gazette.txt", self.text)
        file = SourceFile(Path("gazette-2030.ttl"), f"{GRAPH}articles/gazette-2030")
        checked = CheckedFile.read(file, self._dataset(side), is_given=True)
        workspace = Workspace((checked, *_ontology()))
        found = {*check_references(workspace), *check_passages(workspace), *check_usage(workspace)}
        return sorted(found | set(check_texts(workspace, [text])))

    def _dataset(self, side: Side) -> str:
        """Return the base, with the properties that the side gives in place of its own."""
        said = self._parsed(side, f"{self.common}\n{self.turtle(side)}")
        given = {(triple.subject, triple.predicate) for triple in said}
        base = self._parsed(side, "\n".join(self._base(side)))
        kept = [triple for triple in base if (triple.subject, triple.predicate) not in given]
        return canonical_turtle(tuple(dict.fromkeys([*kept, *said])))

    def _parsed(self, side: Side, turtle: str) -> tuple[ox.Triple, ...]:
        for number, words in enumerate(self.passages(side), start=1):
            turtle = turtle.replace(f"<{number}>", f"<{self.iri(words)}>")
            turtle = turtle.replace(f"<{number}/selector>", f"<{self.iri(words)}/selector>")
        prefixes = prefix_lines(*PREFIXES)
        for name in ("statement", "quantity"):
            prefixes += f"\nPREFIX {name[0]}: <{ID}{name}/gazette-2030/>\n"
        return tuple(parse(Path("example.ttl"), prefixes + turtle))

    def iri(self, words: str) -> str:
        """Return the IRI of the passage that has some words."""
        start = self.text.index(words)
        return f"{_ARTICLE}/char={start},{start + len(words)}"

    def _base(self, side: Side) -> Iterator[str]:
        yield _ENTITIES
        yield self.curation
        yield f"""
            article:gazette-2030 a zgc:Article ; skos:prefLabel "River Gazette in 2030"@en ;
                zgc:isPublishedBy organization:gazette ; dcterms:issued "2030-05-10"^^xsd:date ;
                zgc:codePointLength {len(self.text)} ; zgc:sha256 "{digest(self.text)}" .
        """
        for number, words in enumerate(self.passages(side), start=1):
            start = self.text.index(words)
            yield f"""
                <{number}> a zgc:Passage ; oa:hasSource article:gazette-2030 ;
                    oa:hasSelector <{number}/selector> ; zgc:hasSourcePart code:body ;
                    zgc:sha256 "{digest(words)}" .
                <{number}/selector> a oa:TextPositionSelector ; oa:start {start} ;
                    oa:end {start + len(words)} .
                s:{number} a zgc:Statement ; zgc:isAbout edition:2030 ; zgc:isSupportedBy <{number}> ;
                    zgc:hasStance code:ongoing ; zgc:paraphrase "Something holds of the forum."@en .
            """
        if "q:1" in self.turtle(side):
            yield "s:1 zgc:hasQuantity q:1 ."


@cache
def _ontology() -> tuple[CheckedFile, ...]:
    files = (file for file in source_files() if file.is_ontology)
    return tuple(CheckedFile.read(file, read_text(file.path), GRAPH_FORMATS[0]) for file in files)


def _examples() -> Iterator[Example]:
    for entry in tomllib.loads(_SOURCE.read_text(encoding="utf-8"))["finding"]:
        passages = entry.pop("passages", [entry["text"]])
        yield Example(**{"wrong_passages": passages, "right_passages": passages} | entry)


EXAMPLES: Final = tuple(_examples())
