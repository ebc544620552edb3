"""The generated references: complete, and as `make docs` would write them."""

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from references import REFERENCES, commands

from forumkg.dataset.files import source_files
from forumkg.namespaces import PREFIXES, ZGC, shorten
from forumkg.rdf.reading import parse
from forumkg.rdf.terms import named

DOCS = Path(__file__).resolve().parent.parent / "docs"
MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
CLI = (DOCS / "cli.md").read_text(encoding="utf-8")
TRIPLES = [triple for file in source_files() for triple in parse(file.path)]
CODE = re.compile(r"`([a-z]+:\w+)`")


def declared(*kinds: str) -> set[str]:
    """Return the names of what is declared to be of one of some kinds."""
    wanted = {named(kind) for kind in kinds}
    return {
        shorten(str(triple.subject)[1:-1])
        for triple in TRIPLES
        if triple.predicate == named("rdf:type") and triple.object in wanted
    }


@pytest.mark.parametrize(("name", "written"), REFERENCES.items(), ids=REFERENCES)
def test_reference_is_up_to_date(name: str, written: Callable[[], str]) -> None:
    """A page is what `make docs` would write; run it after a change of ontology, shapes or options."""
    assert (DOCS / name).read_text(encoding="utf-8") == written()


def test_model_has_each_class() -> None:
    """Each class of the ontology has a section, and each that has a shape has an example from the graph."""
    classes = {name for name in declared("owl:Class") if name.startswith("zgc:")}
    sections = {part.split("`")[1]: part for part in MODEL.split("\n### ")[1:]}

    assert classes == {name for name in sections if name.startswith("zgc:")}
    used = {shorten(str(t.object)[1:-1]) for t in TRIPLES if t.predicate == named("rdf:type")}
    for name in classes & used:
        assert f" {name} " in sections[name].split("```turtle")[1].replace(",", " ,")


def test_model_has_each_property() -> None:
    """Each property of the ontology has a line with its definition."""
    kinds = ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")

    properties = {name for name in declared(*kinds) if name.startswith("zgc:")}
    table = MODEL.split("\n## Properties\n")[1].split("\n## ")[0]
    for name in properties:
        (row,) = [line for line in table.splitlines() if line.startswith(f"| `{name}` |")]
        assert len(row.rsplit(" | ", 1)[1]) > 20


def test_model_has_each_shape() -> None:
    """Each node shape is named, and each property that one of them constrains."""
    assert declared("sh:NodeShape") <= set(CODE.findall(MODEL))
    paths = {shorten(str(t.object)[1:-1]) for t in TRIPLES if t.predicate == named("sh:path")}
    assert {path for path in paths if path.partition(":")[0] in PREFIXES} <= set(CODE.findall(MODEL))


def test_model_names_what_there_is() -> None:
    """Each name of our namespace on the page is declared by the ontology."""
    terms = {shorten(str(t.subject)[1:-1]) for t in TRIPLES if str(t.subject).startswith(f"<{ZGC}")}

    assert {name for name in CODE.findall(MODEL) if name.startswith("zgc:")} <= terms


@pytest.mark.parametrize(("name", "command"), [pytest.param(*each, id=each[0]) for each in commands()])
def test_cli_has_each_option(name: str, command: click.Command) -> None:
    """Each command has a section, with each of its options and arguments, old names of options aside."""
    section = CLI.split(f"# `forumkg {name}`\n")[1].split("\n#")[0]

    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.hidden:
            continue
        written = (
            parameter.opts[0]
            if isinstance(parameter, click.Option)
            else parameter.make_metavar(click.Context(command))
        )
        assert written in section
