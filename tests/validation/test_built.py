"""Which version on disk stands for the files that are to be checked."""

from collections.abc import Callable
from pathlib import Path

import pytest
import small_dataset

from forumkg.dataset.versions import open_version
from forumkg.validation.built import built_from

Edit = Callable[[Path], object]


def edit(graph: Path) -> None:
    """Change the entities."""
    (graph / "entities.ttl").write_text(f"{(graph / 'entities.ttl').read_text()}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "given", "is_found"),
    [
        pytest.param(lambda _: None, [], True, id="same-files"),
        pytest.param(lambda _: None, ["elsewhere.ttl"], True, id="file-elsewhere"),
        pytest.param(edit, [], False, id="edited"),
        pytest.param(edit, ["graph/entities.ttl"], True, id="edited-and-given"),
        pytest.param(edit, ["graph/curation.ttl"], False, id="another-one-edited"),
        pytest.param(lambda graph: (graph / "new.ttl").touch(), [], False, id="new"),
        pytest.param(lambda graph: (graph / "new.ttl").touch(), ["graph/new.ttl"], True, id="new-and-given"),
        pytest.param(lambda graph: (graph / "curation.ttl").unlink(), [], False, id="deleted"),
    ],
)
def test_built_from(tmp_path: Path, change: Edit, given: list[str], *, is_found: bool) -> None:
    """A version of the same files is found, those that are given aside; of any others it is not."""
    small = small_dataset.write(tmp_path)
    open_version(tmp_path / "data", small.files, ontology_dir=small.ontology_dir)
    change(tmp_path / "graph")

    with built_from(tmp_path / "data", [tmp_path / name for name in given], tmp_path) as dataset:
        assert (dataset is not None) == is_found


@pytest.mark.parametrize("directory", [None, Path("missing")])
def test_built_from_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, directory: Path | None) -> None:
    """Without a version there is none."""
    monkeypatch.chdir(tmp_path)

    with built_from(directory, [], small_dataset.write(tmp_path).root) as dataset:
        assert dataset is None
