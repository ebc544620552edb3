"""Look-ups in the server's own process: a copy of the store, and answers like those of workers."""

from collections.abc import Iterator

import pytest
from processes import until

from forumkg.dataset.versions import Version
from forumkg.formats import RESULT_FORMATS, Format
from forumkg.workers.lookup_copy import LookupCopy
from forumkg.workers.pool import Pool, Query

JSON = RESULT_FORMATS[0]
EDITION = "https://w3id.org/zgc-forum/id/edition/2023"
LOOKUP = f"SELECT * {{ <{EDITION}> ?p ?o }}"


@pytest.fixture(scope="module")
def copy(small_version: Version) -> Iterator[LookupCopy]:
    """Return a copy of the small dataset."""
    lookups = LookupCopy(small_version.store, 1_000_000)
    lookups.start()
    until(lambda: lookups.is_filled)
    yield lookups
    lookups.close()


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda each: each.name)
def test_answer_of_each_subject(
    copy: LookupCopy, small_pool: Pool, small_version: Version, format_: Format
) -> None:
    """The answer to a look-up is that of a worker, to the byte, with the same number of rows."""
    subjects = sorted({str(quad.subject) for quad in small_version.store if quad.subject.value[:4] == "http"})

    for subject in subjects[:50]:
        job = Query(f"SELECT * {{ {subject} ?p ?o }}", format_)
        answer, evaluated = copy.answer(job), small_pool.run(job)
        assert answer is not None
        assert (answer.body, answer.length, answer.rows) == (evaluated.body, evaluated.length, evaluated.rows)


@pytest.mark.parametrize(
    "job",
    [
        Query("SELECT * { ?s ?p ?o }", JSON),
        Query(f"ASK {{ <{EDITION}> ?p ?o }}", JSON),
        Query(LOOKUP, JSON, default_graphs=("urn:g",)),
        Query(LOOKUP, JSON, named_graphs=("urn:g",)),
    ],
)
def test_answer_of_another_query(copy: LookupCopy, job: Query) -> None:
    """A query that is not a look-up in the whole dataset is left to a worker."""
    assert copy.answer(job) is None


def test_answer_before_the_copy_is_whole(small_version: Version) -> None:
    """Until then, every query is left to a worker."""
    lookups = LookupCopy(small_version.store, 1_000_000)

    assert lookups.answer(Query(LOOKUP, JSON)) is None
    lookups.close()


@pytest.mark.parametrize(("more", "is_copied"), [(0, True), (-1, False)])
def test_start_on_a_large_store(small_version: Version, more: int, is_copied: bool) -> None:
    """A store with more quads than may be is not copied."""
    lookups = LookupCopy(small_version.store, len(small_version.store) + more)

    lookups.start()
    until(lambda: not lookups._thread.is_alive())
    assert lookups.is_filled == is_copied
