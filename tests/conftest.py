"""Fixtures that several test modules share."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
import small_dataset
from flask.testing import FlaskClient
from graphs import FIVE
from hypothesis import settings

from bench import synthetic
from forumkg.app.application import create_app
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, open_version
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool

# No test depends on how fast or busy the machine is.
settings.register_profile("forumkg", deadline=None)
settings.load_profile("forumkg")


# Tests know five articles, however many the shipped graph has; processes that they start know the same.
os.environ["FORUMKG_GRAPH"] = str(FIVE)

# The data directory of a command without --data: tests leave that of the user alone, and other runs of tests.
_DATA_HOME: Final = TemporaryDirectory(prefix="forumkg-tests-")
os.environ["XDG_DATA_HOME"] = _DATA_HOME.name


def has_room(folder: Path, size: int = 8 * 2**30) -> bool:
    """Whether a folder has room for the files of a whole run, and may hold programs."""
    if not folder.is_dir():
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= size and not found.f_flag & os.ST_NOEXEC


# A build flushes each of its files to the disk, which takes longer than all else that a small one does.
if has_room(Path("/dev/shm")):  # noqa: S108 (pytest makes a folder that only its user can read)
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")  # noqa: S108 (see above)


# A shell without job control starts what it puts in the background with SIGINT ignored, which every child
# inherits: the tests of Ctrl-C would wait in vain.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def small(tmp_path: Path) -> small_dataset.Small:
    """Write the small dataset into a folder of this test's own."""
    return small_dataset.write(tmp_path / "root")


@pytest.fixture(scope="session")
def small_version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Open a version of the small dataset that no test changes."""
    folder = tmp_path_factory.mktemp("small")
    dataset = small_dataset.write(folder / "root")
    return open_version(folder / "data", dataset.files, ontology_dir=dataset.ontology_dir)


@pytest.fixture(scope="session")
def small_pool(small_version: Version) -> Iterator[Pool]:
    """Run workers on the small dataset, for all tests that do not count them."""
    with Pool(small_version.path / "store") as pool:
        yield pool


@pytest.fixture
def small_service(small_version: Version, small_pool: Pool) -> QueryService:
    """Answer queries on the small dataset, with an empty cache."""
    return QueryService(small_pool, small_version.info.digest)


@pytest.fixture(scope="session")
def shipped_version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Open a version of the shipped ontology with the frozen articles."""
    return open_version(tmp_path_factory.mktemp("shipped"), source_files())


@pytest.fixture(scope="session")
def shipped_client(shipped_version: Version) -> Iterator[FlaskClient]:
    """Return a client of the application on the shipped ontology with the frozen articles."""
    with Pool(shipped_version.path / "store") as pool:
        yield create_app(shipped_version, QueryService(pool, shipped_version.info.digest)).test_client()


@pytest.fixture(scope="session")
def synthetic_version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Open a version of a made-up dataset of three forums, too large for one page."""
    folder = tmp_path_factory.mktemp("synthetic")
    synthetic.write(folder / "root", 3)
    files = source_files(folder / "root")
    return open_version(folder / "data", files, ontology_dir=folder / "root" / "ontology")


@pytest.fixture(scope="session")
def synthetic_client(synthetic_version: Version) -> Iterator[FlaskClient]:
    """Return a client of the application on the made-up dataset."""
    with Pool(synthetic_version.path / "store") as pool:
        yield create_app(synthetic_version, QueryService(pool, synthetic_version.info.digest)).test_client()


@pytest.fixture(scope="session")
def sources() -> Path:
    """Return the folder with the texts of the articles, which stay out of the repository."""
    shared = os.environ.get("FORUMKG_SHARED") or Path(__file__).resolve().parents[2] / "shared"
    folder = Path(shared) / "sources"
    if not any(folder.glob("*.txt")):
        pytest.skip(f"no article texts in {folder}: set FORUMKG_SHARED to the folder that has sources/")
    return folder
