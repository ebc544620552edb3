"""The rooms of the package: who may import whom, and who may know which library."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import forumkg
from forumkg.app.application import all_rules
from forumkg.pages.openapi.document import openapi

PACKAGE = Path(forumkg.__file__).parent

# A room uses rooms before it in this order, never after it. The words that everyone shares come first.
ROOMS = (
    "", "texts", "rdf", "reasoning", "dataset", "validation", "mapping", "sparql", "engine", "workers", "web",
    "pages", "app", "cli",
)  # fmt: skip

LIBRARIES = {
    "flask": {"web", "pages", "app"},
    "httptools": {"web"},
    "uvloop": {"web"},
    "pyoxigraph": {*ROOMS} - {"", "texts", "app", "cli"},
    "owlrl": {"reasoning"},
    "pyld": {"rdf"},
    "pyshacl": {"validation"},
    "click": {"cli"},
}


# The modules of page families that handle requests.
VIEWS = {
    "comparison_views",
    "views",
    "ids",
    "listings",
    "sitemap",
    "sparql",
    "statement_listing",
    "wellknown",
}


# What users import and what they run: each names parts of the rooms, and imports them when they are used.
FACES = {PACKAGE / "__init__.py", PACKAGE / "__main__.py"}


@cache
def modules() -> dict[Path, ast.Module]:
    """Return every module of the package, parsed."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def room(path: Path) -> str:
    """Return the room of a module; the shared words are the room without a name."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def imported(tree: ast.Module) -> set[str]:
    """Return the dotted names that a module imports, wherever it does so."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def type_names(tree: ast.Module) -> set[str]:
    """Return the names of the public classes and type aliases that a module defines."""
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    aliases = {
        node.target.id
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.annotation, ast.Name)
        and node.annotation.id == "TypeAlias"
    }
    return {name for name in classes | aliases if not name.startswith("_")}


def test_rooms_are_known() -> None:
    """Every folder of the package is one of the rooms, so that none escapes the order."""
    assert {room(path) for path in modules()} == set(ROOMS)


def test_rooms_import_only_rooms_before_them() -> None:
    """No room imports from a room that comes after it."""
    offenders = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, tree in modules().items()
        if path not in FACES
        for name in imported(tree)
        if name.startswith("forumkg.")
        and (target := name.split(".")[1]) in ROOMS
        and ROOMS.index(target) > ROOMS.index(room(path))
    ]

    assert offenders == []


def test_libraries_stay_in_their_rooms() -> None:
    """Only the rooms that are named for a library import it."""
    offenders = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, tree in modules().items()
        for name in imported(tree)
        if room(path) not in LIBRARIES.get(name.split(".")[0], {room(path)})
    ]

    assert offenders == []


def family(path: Path) -> str:
    """Return the page family of a module; nothing for what the families share, and outside the pages."""
    parts = path.relative_to(PACKAGE).parts
    return parts[1] if parts[0] == "pages" and len(parts) > 2 else ""


def test_page_families_do_not_import_each_other() -> None:
    """A page family imports what stands directly under pages/, and what is shared imports no family."""
    families = {family(path) for path in modules()} - {""}
    offenders = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, tree in modules().items()
        if room(path) == "pages"
        for name in imported(tree)
        if name.startswith("forumkg.pages.")
        and (other := name.split(".")[2]) in families
        and other != family(path)
    ]

    assert offenders == []


QUERY = re.compile(r"(?P<family>[a-z]+)/[a-z-]+")
TEMPLATE = re.compile(r"\{%-?\s*(?:extends|include|import|from)\s+\"(?P<family>[a-z]+)/")


def test_page_families_use_only_their_own_queries_and_templates() -> None:
    """A page family names no query and no template in the folder of another family."""
    families = {family(path) for path in modules()} - {""}
    named = [
        (path, found["family"])
        for path, tree in modules().items()
        if room(path) == "pages"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (found := QUERY.fullmatch(node.value.removesuffix(".html")))
    ]
    named += [
        (path, found["family"])
        for path in (PACKAGE / "pages").rglob("*.html")
        for found in TEMPLATE.finditer(path.read_text(encoding="utf-8"))
    ]

    assert [str(path) for path, other in named if other in families and other != family(path)] == []


def test_modules_are_small_and_say_what_they_are_for() -> None:
    """Each module has a docstring and at most 400 lines."""
    offenders = [
        str(path.relative_to(PACKAGE))
        for path, tree in modules().items()
        if not ast.get_docstring(tree) or len(path.read_text(encoding="utf-8").splitlines()) > 400
    ]

    assert offenders == []


def test_types_have_names_of_their_own() -> None:
    """No public type has the name of a type in another module."""
    defined: defaultdict[str, set[str]] = defaultdict(set)
    for path, tree in modules().items():
        for name in type_names(tree):
            defined[name].add(str(path.relative_to(PACKAGE)))

    assert {name: sorted(paths) for name, paths in defined.items() if len(paths) > 1} == {}


def test_flask_stays_in_the_views() -> None:
    """Of a page family only the modules that handle requests know Flask."""
    offenders = [
        str(path.relative_to(PACKAGE))
        for path, tree in modules().items()
        if family(path)
        and any(name.startswith("flask") for name in imported(tree))
        and path.stem not in VIEWS
    ]

    assert offenders == []


def test_every_address_is_described() -> None:
    """Each rule of the URL map has a description in OpenAPI: the error names the one that has none."""
    assert openapi(all_rules(), "/")["paths"]


def test_server_imports_no_parser_and_no_reasoner() -> None:
    """`forumkg serve` starts without what only its workers need, which is slow to import."""
    program = (
        "import sys, forumkg.cli.serve, forumkg.app.assembly, forumkg.web.server; print(*sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    slow = {"lxml", "markdown_it", "owlrl", "pyld", "pyparsing", "pyshacl", "rdflib", "snowballstemmer"}
    loaded = set(done.stdout.split())
    assert "forumkg.web.server" in loaded
    assert loaded & slow == set()
