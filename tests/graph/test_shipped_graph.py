"""The shipped graph: what holds of it however many articles it has."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from graphs import SHIPPED
from shipped_answers import ANSWERS, COUNTS, README, answers, counts, shipped_store

from forumkg.app.application import create_app
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, open_version
from forumkg.validation.run import check
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Return the shipped dataset as it is built for a server."""
    return shipped_store()


@pytest.fixture(scope="module")
def found(store: ox.Store) -> dict[str, str]:
    """Return the answers to all questions."""
    return answers(store)


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Build a version of the shipped dataset."""
    return open_version(tmp_path_factory.mktemp("shipped"), source_files(SHIPPED))


@pytest.fixture(scope="module")
def client(version: Version) -> Iterator[FlaskClient]:
    """Return a client of the application on the shipped dataset."""
    with Pool(version.path / "store") as pool:
        yield create_app(version, QueryService(pool, version.info.digest)).test_client()


def test_answers_are_those_recorded(found: dict[str, str]) -> None:
    """Each question has the recorded answer; `make answers` records what a change of the graph changed."""
    recorded = {path.name: path.read_text(encoding="utf-8") for path in sorted(ANSWERS.iterdir())}

    assert recorded.keys() == found.keys()
    assert {name for name, text in found.items() if recorded[name] != text} == set()


def test_every_question_has_an_answer(found: dict[str, str]) -> None:
    """No question is answered by nothing."""
    rows = {name: text.count("\n") - 1 for name, text in found.items() if name.endswith(".tsv")}

    assert {name for name, count in rows.items() if not count} == set()


def test_readme_counts_the_graph(store: ox.Store) -> None:
    """The counts of the README are those of the graph; `make answers` writes them."""
    match = COUNTS.search(README.read_text(encoding="utf-8"))

    assert match is not None
    assert match.group() == counts(store)


def test_every_quantity_is_supported(store: ox.Store) -> None:
    """Each quantity belongs to a statement with a passage that has offsets."""
    query = """
        PREFIX oa: <http://www.w3.org/ns/oa#>
        PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
        SELECT ?quantity {
            ?quantity a zgc:Quantity
            FILTER NOT EXISTS {
                ?statement zgc:hasQuantity ?quantity ; zgc:isSupportedBy/oa:hasSelector/oa:start ?start
            }
        }
    """
    assert list(store.query(query)) == []  # type: ignore[arg-type]  # a SELECT has solutions


def test_terms_and_things_have_a_chinese_name(store: ox.Store) -> None:
    """Each named term and thing has one, but who or what the articles name in Latin letters alone.

    These are people, their posts on a day, and organizations such as a web site.
    """
    query = """
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
        SELECT DISTINCT ?named {
            ?named skos:prefLabel ?english
            FILTER NOT EXISTS { ?named skos:prefLabel ?chinese FILTER (LANG(?chinese) = "zh") }
            FILTER NOT EXISTS { ?named a owl:Ontology }
            FILTER NOT EXISTS {
                VALUES ?class { zgc:Person zgc:RoleHolding zgc:Organization }
                ?named a ?class
            }
        }
    """
    assert list(store.query(query)) == []  # type: ignore[arg-type]  # a SELECT has solutions


@pytest.mark.slow
def test_check_finds_nothing(sources: Path) -> None:
    """`forumkg check` finds nothing in the shipped graph, each article's text at hand that is here."""
    findings = check(texts=sources, root=SHIPPED).findings

    assert [finding.message for finding in findings if finding.rule != "text-missing"] == []


PAGES = ("/", "/compare", "/disagreements", "/articles", "/questions", "/search?q=forum", "/sitemap.xml")


@pytest.mark.parametrize("path", PAGES)
def test_page_answers(client: FlaskClient, path: str) -> None:
    """The pages that list the whole graph are made of it."""
    assert client.get(path).status_code == 200
