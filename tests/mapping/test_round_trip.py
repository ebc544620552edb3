"""Articles become worksheets and worksheets become articles, without the loss of a byte."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import worksheets

from forumkg import resources
from forumkg.errors import DataError
from forumkg.mapping.compiler import compile_worksheet
from forumkg.mapping.decompiler import make_worksheet
from forumkg.mapping.parser import parse_worksheet
from forumkg.mapping.placing import place_passages, placed_text, without_words
from forumkg.mapping.writer import write_worksheet
from forumkg.namespaces import ID, ZGC
from forumkg.rdf.reading import parse
from forumkg.rdf.turtle.writer import canonical_turtle
from forumkg.texts.reading import Text, read_texts

ARTICLES = tuple(worksheets.shipped_articles())


def text_of(article: Path, folder: Path) -> Text:
    """Return the text of an article of the graph, or skip the test where the texts lack it."""
    digests = {
        triple.object.value
        for triple in worksheets.shipped_articles()[article]
        if isinstance(triple.object, ox.Literal)
        and triple.predicate.value == f"{ZGC}sha256"
        and triple.subject == ox.NamedNode(f"{ID}article/{article.stem}")
    }
    found = next((text for text in read_texts(folder) if text.sha256 in digests), None)
    if found is None:
        pytest.skip(f"the text of {article.stem} is not in {folder}")
    return found


@pytest.mark.parametrize("article", ARTICLES, ids=lambda path: path.stem)
def test_map_of_unmap_is_the_file_byte_for_byte(article: Path, sources: Path) -> None:
    """Each article of the graph compiles from its worksheet to the same bytes, its judgements included."""
    text, known = text_of(article, sources), worksheets.shipped_things()
    triples = worksheets.shipped_articles()[article]
    curation = parse(resources.graph_dir() / "curation.ttl")

    written = write_worksheet(make_worksheet(triples, curation, text, known, text.name))
    worksheet, problems = parse_worksheet(written)
    placed, astray = place_passages(worksheet, text)
    compiled = compile_worksheet(worksheet, placed, known)

    assert (problems, astray, compiled.problems) == ((), (), ())
    assert canonical_turtle(compiled.article).encode() == article.read_bytes()
    assert compiled.curation <= set(curation)
    assert compiled.entities == frozenset()


@pytest.mark.parametrize("article", ARTICLES[:1], ids=lambda path: path.stem)
def test_offsets_compile_to_the_same_as_words(article: Path, sources: Path) -> None:
    """A worksheet with offsets and digests in place of words gives the same triples, without the text."""
    text, known = text_of(article, sources), worksheets.shipped_things()
    curation = parse(resources.graph_dir() / "curation.ttl")
    worksheet = make_worksheet(worksheets.shipped_articles()[article], curation, text, known)
    placed, _ = place_passages(worksheet, text)

    read, problems = parse_worksheet(write_worksheet(without_words(worksheet, placed)))
    read_placed, unplaced = placed_text(read)

    assert (problems, unplaced) == ((), ())
    assert (
        compile_worksheet(read, read_placed, known).article
        == compile_worksheet(worksheet, placed, known).article
    )


@pytest.mark.parametrize("article", ARTICLES[:1], ids=lambda path: path.stem)
def test_unmap_of_what_a_worksheet_cannot_say_is_refused(article: Path, sources: Path) -> None:
    """A triple that would be lost is named."""
    text, known = text_of(article, sources), worksheets.shipped_things()
    extra = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c"))

    with pytest.raises(DataError, match=r'cannot say 1 triples of .*<urn:a> <urn:b> "c"'):
        make_worksheet([*worksheets.shipped_articles()[article], extra], (), text, known)


@pytest.mark.parametrize("article", ARTICLES[:1], ids=lambda path: path.stem)
def test_unmap_with_another_text_is_refused(article: Path) -> None:
    """The text is known by its digest."""
    triples = worksheets.shipped_articles()[article]

    with pytest.raises(DataError, match=r"other\.txt is not the text of article:.*: its SHA-256 is another"):
        make_worksheet(triples, (), Text.of("other.txt", "other"), worksheets.shipped_things())
