"""A change that is followed in a copy of the version before has the result of a whole build."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumkg.dataset.build import build
from forumkg.dataset.files import SourceFile, digest, source_files
from forumkg.dataset.following import FileChange, follow
from forumkg.dataset.list_changes import REACHES
from forumkg.dataset.list_queries import list_queries
from forumkg.dataset.page_list_update import update_page_lists
from forumkg.dataset.page_list_writer import write_page_lists
from forumkg.dataset.search_index import SearchIndex, update_search_index, write_search_index
from forumkg.errors import InconsistentError, WholeBuildError
from forumkg.namespaces import DERIVED, ENTAILED, GRAPH, PREFIXES, ZGC
from forumkg.reasoning.derivation import load_rules
from forumkg.reasoning.rule_reader import read_rule

HEAD = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
RULES = {rule: read_rule(rule.query) for rule in load_rules()}
DOCUMENTS = ("articles/a", "articles/b", "curation", "entities")


def _statement(number: int, article: str, subject: str, says: str, stance: str) -> tuple[str, ...]:
    name = f"<https://w3id.org/zgc-forum/id/statement/{article}/{number}>"
    passage = f"<https://w3id.org/zgc-forum/id/article/{article}/char={number}0,{number}9>"
    return (
        f"{name} zgc:isAbout {subject} ; {says} .",
        f"{name} zgc:isSupportedBy {passage} ; zgc:hasStance code:{stance} .",
        f'{name} zgc:paraphrase "The fair, statement {number}."@en .',
        f"{passage} a zgc:Passage ; oa:hasSource article:{article} .",
    )


def _quantity(number: int, article: str, indicator: str) -> str:
    name = f"<https://w3id.org/zgc-forum/id/quantity/{article}/{number}>"
    return (
        f"{name} a zgc:Quantity ; zgc:hasIndicator indicator:{indicator} ; zgc:hasComparator code:exact ;"
        f" zgc:statedNumber {number} ; zgc:lowerBound {number} ; zgc:isLowerOpen false ;"
        f" zgc:upperBound {number} ; zgc:isUpperOpen false ."
    )


def _figure(number: int, article: str, subject: str, indicator: str, stance: str) -> tuple[str, ...]:
    says = f"zgc:hasQuantity <https://w3id.org/zgc-forum/id/quantity/{article}/{number}>"
    return (
        _quantity(number, article, indicator),
        *_statement(number, article, subject, says, stance),
    )


# Each may stand in any document, and in several: what they entail and derive crosses documents.
FACTS = (
    "forum:fair a zgc:Forum .",
    'forum:fair skos:prefLabel "Fair"@en .',
    "edition:1999 a zgc:Edition ; zgc:isEditionOf forum:fair ; zgc:year 1999 .",
    'edition:1999 skos:prefLabel "Fair of 1999"@en, "1999年"@zh .',
    'edition:2000 a zgc:Edition ; zgc:isEditionOf forum:fair ; zgc:year 2000 ; skos:prefLabel "2000"@en .',
    'section:1999 zgc:isSectionOf edition:1999 ; skos:prefLabel "Fair of 1999"@en .',
    "section:1999 zgc:isSectionOf edition:2000 .",
    "edition:1999 zgc:belongsToForum forum:fair .",
    'theme:kites a zgc:Theme ; skos:prefLabel "Kites"@en .',
    'theme:lakes a zgc:Theme ; skos:altLabel "Kites"@en .',
    "period:may zgc:firstDay '1999-05-01'^^xsd:date ; zgc:lastDay '1999-05-09'^^xsd:date .",
    "period:june zgc:firstDay '1999-06-01'^^xsd:date .",
    "organization:one a zgc:Organization .",
    "person:she a zgc:Person .",
    "article:a a zgc:Article ; zgc:isPublishedBy organization:one ; dcterms:issued '1999-04-01'^^xsd:date .",
    'article:a zgc:codePointLength 9 ; zgc:sha256 "a" ; skos:prefLabel "Kites"@en .',
    'article:b a zgc:Article ; zgc:codePointLength 9 ; zgc:sha256 "b" ; skos:prefLabel "Lakes"@en .',
    "article:b dcterms:issued '1999-07-01'^^xsd:date ; zgc:isWrittenBy person:she .",
    "<https://w3id.org/zgc-forum/id/statement/a/3> zgc:isAcceptedFor edition:1999 .",
    "<https://w3id.org/zgc-forum/id/statement/b/4> zgc:isAcceptedFor edition:1999 .",
    "<https://w3id.org/zgc-forum/id/statement/a/5> zgc:isAcceptedFor edition:1999 .",
    "<https://w3id.org/zgc-forum/id/statement/a/1> zgc:contradicts"
    " <https://w3id.org/zgc-forum/id/statement/b/2> .",
    "<https://w3id.org/zgc-forum/id/statement/a/1> zgc:isReportedIn article:a .",
    "<https://w3id.org/zgc-forum/id/statement/a/1> zgc:isSaidBy person:she .",
    "<https://w3id.org/zgc-forum/id/quantity/a/1> zgc:asOf '1999-05-01'^^xsd:date .",
    "edition:1999 zgc:hasTheme theme:kites .",
    "indicator:participants skos:prefLabel 'People'@en .",
    *_figure(1, "a", "edition:1999", "participants", "planned"),
    *_figure(2, "b", "edition:1999", "participants", "accomplished"),
    *_figure(6, "b", "section:1999", "foreign-guests", "accomplished"),
    *_statement(3, "a", "edition:1999", "zgc:statesTheme theme:kites", "planned"),
    *_statement(4, "b", "edition:1999", "zgc:statesTheme theme:lakes", "accomplished"),
    *_statement(5, "a", "section:1999", "zgc:statesPeriod period:may", "planned"),
    *_statement(7, "b", "section:1999", "zgc:statesPeriod period:june", "accomplished"),
    *_statement(8, "b", "edition:1999", "zgc:statesTopic topic:flight", "accomplished"),
)
DIGEST = "0123456789abcdef" * 4
Documents = Mapping[str, frozenset[str]]


def _files(root: Path, documents: Documents) -> tuple[SourceFile, ...]:
    """Write documents, and return them with the ontology and the shapes of the project."""
    files = [file for file in source_files() if file.is_ontology or file.is_shapes]
    for name, facts in documents.items():
        path = root / f"{name}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + "\n".join(sorted(facts)), encoding="utf-8")
        files.append(SourceFile(path, GRAPH + name))
    return tuple(files)


def _built(files: tuple[SourceFile, ...]) -> ox.Store:
    store = ox.Store()
    build(store, files)
    return store


def _copy(store: ox.Store) -> ox.Store:
    copy = ox.Store()
    copy.bulk_extend(store)
    return copy


def _lists(path: Path) -> dict[tuple[object, ...], list[tuple[object, ...]]]:
    """Return the items of each part of each list."""
    connection = sqlite3.connect(path)
    return {
        row[1:]: connection.execute(
            "SELECT first, second, third FROM item JOIN row ON row.id = item.row"
            " WHERE list = ? ORDER BY row.id",
            row[:1],
        ).fetchall()
        for row in connection.execute("SELECT id, name, part, number, weight FROM list").fetchall()
    }


def _texts(path: Path) -> tuple[object, ...]:
    """Return what an index holds and answers."""
    index, connection = SearchIndex(path), sqlite3.connect(path)
    return (
        connection.execute("SELECT rank, thing, text, language FROM text ORDER BY id").fetchall(),
        connection.execute("SELECT term, doc FROM term ORDER BY term").fetchall(),
        index.with_all([["kites"]], 100),
        index.with_some([["fair"], ["1999"]], 100),
    )


def _changes(before: Documents, after: Documents, root: Path) -> list[FileChange]:
    files = {file.graph.removeprefix(GRAPH): file for file in _files(root / "after", after)}
    return [
        FileChange(GRAPH + name, files.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


documents = st.dictionaries(
    st.sampled_from(DOCUMENTS), st.frozensets(st.sampled_from(FACTS), min_size=1), min_size=1
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(before=documents, after=documents)
def test_followed_change_equals_a_whole_build(before: Documents, after: Documents) -> None:
    """Whatever documents come, go and change: store, lists and index are those of a whole build."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        _compare(before, after, root)


def _compare(before: Documents, after: Documents, root: Path) -> None:
    old, whole = _built(_files(root / "before", before)), _built(_files(root / "after", after))
    followed = _copy(old)
    version = digest(_files(root / "after", after))
    changes = follow(old, followed, _changes(before, after, root), RULES, version=version)

    assert set(followed) == set(whole)
    assert set(followed.named_graphs()) == set(whole.named_graphs())

    paths = {name: root / f"{name}.sqlite" for name in ("lists", "whole-lists", "search", "whole-search")}
    write_page_lists(old, paths["lists"])
    update_page_lists(old, followed, paths["lists"], changes)
    write_page_lists(whole, paths["whole-lists"])
    assert _lists(paths["lists"]) == _lists(paths["whole-lists"])

    write_search_index(old, paths["search"])
    update_search_index(followed, paths["search"], changes)
    write_search_index(whole, paths["whole-search"])
    assert _texts(paths["search"]) == _texts(paths["whole-search"])


def test_each_list_says_how_a_change_reaches_it() -> None:
    """A list without patterns would have every change built from nothing."""
    assert set(REACHES) == {query.name for query in list_queries()}


def test_removed_document_takes_what_rests_on_it_alone(tmp_path: Path) -> None:
    """What another document still entails stays; what rested on the removed one is gone, disagreement too."""
    figures = frozenset(
        fact
        for fact in FACTS
        if ("/a/1>" in fact or "/b/2>" in fact) and "contradicts" not in fact and "asOf" not in fact
    )
    entities = frozenset(FACTS[:5])
    both = {"entities": entities, "articles/a": figures}
    alone = {"entities": entities}
    old = _built(_files(tmp_path, both))
    assert sum(1 for _ in old.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED))) > 0

    _compare(both, alone, tmp_path)
    _compare(alone, both, tmp_path / "back")


def test_asserted_triple_that_was_entailed(tmp_path: Path) -> None:
    """A triple that is asserted now is no longer among the entailed ones, and is again when that goes."""
    entailed = "edition:1999 zgc:belongsToForum forum:fair ."
    without = {"entities": frozenset(FACTS[:5])}
    with_it = {**without, "curation": frozenset({entailed})}
    old = _built(_files(tmp_path, without))
    follow(old, followed := _copy(old), _changes(without, with_it, tmp_path), RULES, version=DIGEST)

    graph = ox.NamedNode(ENTAILED)
    asked = (None, ox.NamedNode(f"{ZGC}belongsToForum"), None)
    assert sum(1 for _ in old.quads_for_pattern(*asked, graph)) == 2
    assert sum(1 for _ in followed.quads_for_pattern(*asked, graph)) == 1
    _compare(with_it, without, tmp_path)


def test_change_of_the_ontology_is_not_followed(tmp_path: Path) -> None:
    """The ontology and the shapes say how all else is read."""
    old = _built(_files(tmp_path, {"entities": frozenset(FACTS[:5])}))
    for file in source_files():
        if file.is_ontology or file.is_shapes:
            with pytest.raises(WholeBuildError, match=r"is part of the ontology or the shapes$"):
                follow(old, _copy(old), [FileChange(file.graph, None)], RULES, version=DIGEST)


@pytest.mark.parametrize(
    "axiom", ["edition:1999 rdfs:subClassOf zgc:Edition .", "edition:1999 a owl:Class ."]
)
def test_axiom_among_facts_is_not_followed(axiom: str, tmp_path: Path) -> None:
    """What a file of facts says of classes and properties changes how all else is read."""
    before = {"entities": frozenset({"edition:2000 a edition:1999 ."})}
    after = {**before, "curation": frozenset({axiom})}
    old = _built(_files(tmp_path, before))

    with pytest.raises(WholeBuildError, match=r"^a file of facts describes a term of the ontology$"):
        follow(old, _copy(old), _changes(before, after, tmp_path), RULES, version=DIGEST)


def test_followed_contradiction_of_the_ontology(tmp_path: Path) -> None:
    """A change that makes a person an organization is refused, as a whole build refuses it."""
    before = {"entities": frozenset({"person:she a zgc:Person ."})}
    after = {**before, "curation": frozenset({"person:she a zgc:Organization ."})}
    old = _built(_files(tmp_path, before))

    with pytest.raises(InconsistentError, match=r"person:she is both zgc:Organization and zgc:Person\."):
        follow(old, _copy(old), _changes(before, after, tmp_path), RULES, version=DIGEST)
