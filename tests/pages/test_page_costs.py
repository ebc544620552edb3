"""What the queries of a page read: what the page shows, however large the rest of the dataset is.

The triples are counted by the engine's own account of each query, not by time.
"""

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from bench import synthetic
from bench.plans import RecordingService, explain
from forumkg.app.application import create_app
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, open_version
from forumkg.workers.pool import Pool

# Pages about the first forum, which is the same in each synthetic dataset.
PAGES = (
    "/id/forum/f00001",
    "/id/edition/f00001-2015",
    "/id/section/f00001-2015",
    "/id/period/f00001-2015",
    "/id/outcome/f00001-2015",
    "/id/role/f00001-2015-eve",
    "/id/statement/f00001-2015-eve/1",
    "/id/article/f00001-2015-eve/char=0,90",
    "/id/person/f00001-0",
    "/id/organization/f00001-0",
    "/id/post/f00001-0",
    "/id/theme/f00001-0",
    "/id/place/f00001-0",
    "/id/topic/f00001-0",
    "/id/group/f00001",
    "/articles?forum=f00001",
    "/compare?forum=f00001",
    "/disagreements?forum=f00001",
    # Pages that show as much of each dataset.
    "/",
    "/articles",
    "/ontology.html",
    "/timeline",
)
# What a query may read more in a dataset of three times the size.
MORE = 1.1
A_FEW = 20

Served = tuple[Version, Pool]


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    """Serve a dataset of one forum, and one of three."""
    versions = []
    for forums in (1, 3):
        folder = tmp_path_factory.mktemp(f"forums-{forums}")
        synthetic.write(folder / "root", forums)
        files = source_files(folder / "root")
        versions.append(open_version(folder / "data", files, ontology_dir=folder / "root" / "ontology"))
    small, large = versions
    with Pool(small.path / "store") as one, Pool(large.path / "store") as other:
        yield (small, one), (large, other)


def reads(served: Served, path: str) -> Counter[str]:
    """Return how many triples the queries of a page read, by their questions."""
    version, pool = served
    service = RecordingService(pool, version.info.digest)
    response = create_app(version, service).test_client().get(path, follow_redirects=True)
    assert response.status_code == HTTPStatus.OK
    found: Counter[str] = Counter()
    for _, query in service.taken:
        found[query.partition("\n")[0]] += explain(version.path / "store", query).read
    return found


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_page_reads_what_it_shows(sizes: tuple[Served, Served], path: str) -> None:
    """A page with the same content reads as much in a dataset of three times the size."""
    small, large = (reads(served, path) for served in sizes)

    assert small.keys() == large.keys()
    assert {query: read for query, read in large.items() if read > MORE * small[query] + A_FEW} == {}
