"""Templates are compiled before the first reader comes."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from werkzeug.test import TestResponse

from forumkg.app.application import compile_templates, create_app
from forumkg.app.template_code import TemplateCode
from forumkg.dataset.versions import Version
from forumkg.web.query_service import QueryService


def _generate(*_: object, **__: object) -> str:
    raise AssertionError("A template was compiled for a reader.")


def _get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, headers={"Accept": "text/html"})


@pytest.mark.parametrize("path", ["/", "/sparql", "/editions", "/nowhere"])
def test_page_of_new_application_compiles_nothing(
    small_version: Version, small_service: QueryService, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the templates were compiled, a new application compiles none, and says the same."""
    before = _get(create_app(small_version, small_service).test_client(), path)
    compile_templates()
    monkeypatch.setattr("jinja2.environment.generate", _generate)
    after = _get(create_app(small_version, small_service).test_client(), path)
    assert (after.status_code, after.data) == (before.status_code, before.data)


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one template, whose code may be written."""
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", None)
    (tmp_path / "a.html").write_text("Hello {{ name }}.")
    return tmp_path


def _environment(templates: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(templates), bytecode_cache=TemplateCode(templates), autoescape=True
    )


def _rendered(templates: Path) -> str:
    return _environment(templates).get_template("a.html").render(name="Zhongguancun")


def _files(templates: Path) -> list[Path]:
    return [path for path in templates.rglob("*") if path.suffix == ".template"]


def test_code_is_kept_for_another_process(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that one process wrote beside that of modules, another reads, and compiles nothing."""
    before = _rendered(templates)
    assert [path.parent.name for path in _files(templates)] == ["__pycache__"]

    monkeypatch.setattr("jinja2.environment.generate", _generate)
    assert _rendered(templates) == before == "Hello Zhongguancun."


def test_code_of_a_template_that_has_changed(templates: Path) -> None:
    """A template is compiled again once its text is another one, into the same file."""
    _rendered(templates)
    (templates / "a.html").write_text("Good day {{ name }}.")

    assert [_rendered(templates), _rendered(templates)] == ["Good day Zhongguancun."] * 2
    assert len(_files(templates)) == 1


@given(length=st.integers(min_value=0), other=st.binary())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_code_in_a_damaged_file(templates: Path, length: int, other: bytes) -> None:
    """A file that is cut short, or of another program, is compiled anew."""
    _rendered(templates)
    (file,) = _files(templates)
    whole = file.read_bytes()
    for damaged in (whole[: length % len(whole)], other):
        file.write_bytes(damaged)
        assert _rendered(templates) == "Hello Zhongguancun."


@pytest.mark.parametrize("prefix", ["no folder", None])
def test_code_where_none_can_be_written(
    templates: Path, prefix: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder for it, or with PYTHONDONTWRITEBYTECODE, code is in memory alone."""
    if prefix:
        (templates / prefix).touch()
        monkeypatch.setattr("sys.pycache_prefix", str(templates / prefix))
    else:
        monkeypatch.setattr("sys.dont_write_bytecode", True)
    environment = _environment(templates)
    environment.get_template("a.html")

    monkeypatch.setattr("jinja2.environment.generate", _generate)
    again = environment.overlay(loader=FileSystemLoader(templates))
    assert again.get_template("a.html").render(name="Beijing") == "Hello Beijing."
    assert _files(templates) == []
