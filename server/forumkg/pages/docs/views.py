"""Serve the documents of `docs/` as pages."""

from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Final

from flask import Blueprint, Response, request

from forumkg import resources
from forumkg.errors import NotFound
from forumkg.formats import Format
from forumkg.pages.docs.markdown import MarkdownPage, render, title_of
from forumkg.pages.languages import N_, gettext
from forumkg.pages.rendering import page
from forumkg.pages.translated_text import catalogued
from forumkg.rdf.reading import read_text
from forumkg.web.documents import document as send_document

__all__ = ["blueprint"]

blueprint = Blueprint("docs", __name__)

_DECISIONS: Final = "decisions/README"
_NOTEBOOK: Final = PurePosixPath("docs/notebook.ipynb")
_JUPYTER: Final = Format("ipynb", "Jupyter notebook", "application/x-ipynb+json", "ipynb")
_GROUPS: Final = (
    (N_("Use the graph"), ("clients", "http", "python", "cli", "model", "notebook", "stores", "versioning")),
    (N_("Add to the graph"), ("mapping", "findings", "continuous-checks", "validate-elsewhere")),
    (N_("Run a server"), ("operations", "scale", "engines", "promises", "benchmarks")),
    (N_("How it is built"), ("architecture", _DECISIONS, "contributing", "security", "changelog")),
)


@blueprint.get("/docs")
def index() -> Response:
    """List the documents."""
    known = resources.documents()
    groups = [(title, [each for each in names if each in known]) for title, names in _GROUPS]
    grouped = {name for _, names in groups for name in names}
    groups.append((N_("More"), [name for name in known if name not in grouped and "/" not in name]))
    return page(
        "docs/index.html",
        title=gettext("Documentation"),
        description=gettext("Documentation of the Zhongguancun Forum graph and of its server."),
        groups=[
            (gettext(title), [(name, catalogued(title_of(_text(name)))) for name in names])
            for title, names in groups
            if names
        ],
    )


@blueprint.get("/docs/<path:name>")
def document(name: str) -> Response:
    """Show a document, or send the notebook."""
    if name == _NOTEBOOK.name:
        return send_document(read_text(resources.root() / _NOTEBOOK), _JUPYTER)
    name = name.removesuffix(".md")
    if name not in resources.documents():
        raise NotFound(f"There is no document {name!r}: {request.script_root}/docs lists all.")
    shown = _document(name, request.script_root)
    return page(
        "docs/document.html",
        title=shown.title or name,
        description=f"{shown.title or name}: documentation of the Zhongguancun Forum graph.",
        document=shown,
        parent=_DECISIONS if name.startswith("decisions/") and name != _DECISIONS else None,
    )


@cache
def _document(name: str, root: str) -> MarkdownPage:
    return render(_text(name), lambda target: _resolve(target, name, root))


def _text(name: str) -> str:
    return read_text(resources.documents()[name])


def _repository_path(name: str) -> PurePosixPath:
    return PurePosixPath(resources.documents()[name].relative_to(resources.root()))


def _resolve(target: str, name: str, root: str) -> str:
    """Return the address of what a document links to: a page of the site where there is one."""
    parts: list[str] = []
    folder = _repository_path(name).parent
    for part in (*folder.parts, *PurePosixPath(target).parts):
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    path = "/".join(parts)
    if path == str(_NOTEBOOK):
        return f"{root}/{path}"
    if path in (names := _names_by_path()):
        return f"{root}/docs/{names[path]}"
    first, _, rest = path.partition("/")
    return root + _PAGES.get(first if rest else path, "/docs")


@cache
def _names_by_path() -> Mapping[str, str]:
    """Return the name of each document, by its path in the repository."""
    return {str(_repository_path(name)): name for name in resources.documents()}


# The page that shows what a file or a folder of the repository holds.
_PAGES: Final = {
    "README.md": "/about",
    "shapes": "/shapes.html",
    "ontology": "/ontology.html",
    "graph": "/data",
    "docs": "/docs",
    "server": "/docs/architecture",
}
