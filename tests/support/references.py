"""Write what is generated: model.md, cli.md, engines.md, findings.md, http.md, notebook.ipynb.

`make docs` runs it; tests compare what it would write with what is there.
"""

import importlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

import click
import pyoxigraph as ox
from engine_table import engine_page
from findings_reference import findings_reference
from graphs import FIVE
from http_reference import http_reference
from notebook_document import notebook

from forumkg.cli import COMMANDS, main
from forumkg.dataset.files import source_files
from forumkg.namespaces import ZGC, shorten
from forumkg.rdf.reading import parse
from forumkg.rdf.terms import named
from forumkg.rdf.turtle.order import natural
from forumkg.rdf.turtle.writer import canonical_turtle

__all__ = ["REFERENCES", "cli_reference", "model_reference"]

_Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_WIDTH: Final = 100
_EDIT: Final = "This page is generated: `make docs` writes it anew.\n"
# Constraints of a property shape that are numbers or texts, and how they are written.
_BOUNDS: Final = MappingProxyType(
    {
        "sh:minInclusive": "≥ {}",
        "sh:minExclusive": "> {}",
        "sh:maxInclusive": "≤ {}",
        "sh:maxExclusive": "< {}",
        "sh:minLength": "at least {} characters",
        "sh:maxLength": "at most {} characters",
        "sh:pattern": "pattern `{}`",
    }
)


class _Model:
    """The shipped ontology, shapes and data, and what a reference says of them."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self._shape_files: dict[str, str] = {}
        self._data: list[ox.Triple] = []
        for file in source_files():
            triples = parse(file.path)
            self._store.extend(ox.Quad(*triple) for triple in triples)
            if file.is_shapes:
                self._shape_files |= {str(triple.subject): file.name for triple in triples}
            elif file.name != "ontology/core":
                self._data += triples

    def classes(self) -> list[ox.NamedNode]:
        """Return the classes of the ontology, then those of other vocabularies that a shape is for."""
        own = self._declared("owl:Class")
        shapes = self._subjects("rdf:type", named("sh:NodeShape"))
        targets = {cls for shape in shapes for cls in self._targets(shape) if isinstance(cls, ox.NamedNode)}
        return [*own, *sorted(targets.difference(own), key=_name)]

    def properties(self) -> list[ox.NamedNode]:
        """Return the properties of the ontology in the order of their names."""
        kinds = ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
        return sorted({name for kind in kinds for name in self._declared(kind)}, key=_name)

    def rules(self) -> list[ox.NamedNode]:
        """Return the shapes that are not the shape of a class, in the order of their names."""
        shapes = [
            node for node in self._subjects("rdf:type", named("sh:NodeShape")) if not self._targets(node)
        ]
        return sorted(shapes, key=_name)

    def class_section(self, cls: ox.NamedNode) -> str:
        """Return the section about a class."""
        lines = [f"### `{shorten(cls.value)}`"]
        if self._labels(cls):
            lines += ["", f"**{self._labels(cls)}**: {self._text(cls)}"]
        if supers := self._named(cls, "rdfs:subClassOf"):
            lines += ["", f"A subclass of {_listed(supers)}."]
        for shape in self._subjects("sh:targetClass", cls):
            lines += ["", *self._shape(shape)]
        if entailed := [name for name in self.properties() if cls in self._objects(name, "rdfs:domain")]:
            lines += ["", f"Properties with this domain: {_listed(entailed)}."]
        if example := self._example(cls):
            lines += ["", "```turtle", example.rstrip(), "```"]
        return "\n".join(lines) + "\n"

    def property_row(self, name: ox.NamedNode) -> str:
        """Return the line of the table about a property."""
        ends = [
            f"{label} {_listed(values)}"
            for label, values in (
                ("from", self._named(name, "rdfs:domain")),
                ("to", self._named(name, "rdfs:range")),
                ("within", self._named(name, "rdfs:subPropertyOf")),
                ("inverse of", self._named(name, "owl:inverseOf")),
            )
            if values
        ]
        chains = [" / ".join(f"`{shorten(step.value)}`" for step in chain) for chain in self._chains(name)]
        ends += [f"follows from {chain}" for chain in chains]
        kinds = {each.value.rpartition("#")[2] for each in self._named(name, "rdf:type")}
        ends += [
            word
            for kind, word in (("TransitiveProperty", "transitive"), ("SymmetricProperty", "symmetric"))
            if kind in kinds
        ]
        return f"| `{shorten(name.value)}` | {'; '.join(ends)} | {_cell(self._text(name))} |"

    def rule_row(self, shape: ox.NamedNode) -> str:
        """Return the line of the table about a shape that several classes share."""
        messages = self._texts(shape, "sh:message")
        for query in self._objects(shape, "sh:sparql"):
            messages += self._texts(query, "sh:message")
        for each in self._objects(shape, "sh:property"):
            (path,) = self._objects(each, "sh:path")
            messages += [f"`{shorten(path.value)}`: {text}" for text in self._texts(each, "sh:message")]
        return f"| `{shorten(shape.value)}` | {_cell(' '.join(sorted(messages)))} |"

    def _declared(self, kind: str) -> list[ox.NamedNode]:
        return sorted(
            (name for name in self._subjects("rdf:type", named(kind)) if name.value.startswith(ZGC)),
            key=_name,
        )

    def _shape(self, shape: ox.NamedNode) -> Iterator[str]:
        file = self._shape_files[str(shape)]
        closed = ", which allows no other property" if self._objects(shape, "sh:closed") else ""
        yield f"Shape `{shorten(shape.value)}` in [{file}.ttl](../{file}.ttl){closed}:"
        yield ""
        yield "| property | values | number | rule |"
        yield "|---|---|---|---|"
        yield from sorted(map(self._shape_row, self._objects(shape, "sh:property")))

    def _shape_row(self, shape: _Term) -> str:
        (path,) = self._objects(shape, "sh:path")
        written = f"`{shorten(path.value)}`" if isinstance(path, ox.NamedNode) else self._path(path)
        values, rule = "; ".join(self._constraints(shape)), " ".join(self._texts(shape, "sh:message"))
        return f"| {written} | {_cell(values)} | {self._number(shape)} | {_cell(rule)} |"

    def _path(self, path: _Term) -> str:
        for inverse in self._objects(path, "sh:inversePath"):
            return f"inverse of `{shorten(inverse.value)}`"
        return "a path of several steps"

    def _constraints(self, shape: _Term) -> Iterator[str]:
        for kind in ("sh:class", "sh:datatype", "sh:nodeKind"):
            for value in self._objects(shape, kind):
                yield "an IRI" if value == named("sh:IRI") else f"`{shorten(value.value)}`"
        for head in self._objects(shape, "sh:in"):
            yield "one of " + _listed(self._list(head))
        for node in self._objects(shape, "sh:node"):
            yield from self._codes(node)
        for head in self._objects(shape, "sh:languageIn"):
            yield "language " + " or ".join(f"`{tag.value}`" for tag in self._list(head))
        for alternatives in self._objects(shape, "sh:or"):
            options = [", ".join(self._constraints(each)) for each in self._list(alternatives)]
            yield " or ".join(filter(None, options))
        for kind, text in _BOUNDS.items():
            for value in self._objects(shape, kind):
                yield text.format(value.value).replace(" 1 characters", " 1 character")

    def _codes(self, node: _Term) -> Iterator[str]:
        """Yield the codes of the scheme that a shape asks for, in the order of their names."""
        for condition in self._objects(node, "sh:property"):
            for scheme in self._named(condition, "sh:hasValue"):
                codes = self._subjects("skos:inScheme", scheme)
                yield "one of " + _listed(sorted(codes, key=_name))

    def _number(self, shape: _Term) -> str:
        least = next((value.value for value in self._objects(shape, "sh:minCount")), "0")
        most = next((value.value for value in self._objects(shape, "sh:maxCount")), "*")
        return least if least == most else f"{least}..{most}"

    def _example(self, cls: ox.NamedNode) -> str:
        """Return the first thing of a class as its file describes it."""
        things = {
            triple.subject
            for triple in self._data
            if triple.predicate == named("rdf:type")
            and triple.object == cls
            and isinstance(triple.subject, ox.NamedNode)
        }
        first = min(things, key=lambda thing: natural(thing.value), default=None)
        return canonical_turtle(triple for triple in self._data if triple.subject == first) if first else ""

    def _labels(self, term: ox.NamedNode) -> str:
        labels = sorted(str(label) for label in self._objects(term, "skos:prefLabel"))
        return " · ".join(label.partition("@")[0].strip('"') for label in labels)

    def _text(self, term: ox.NamedNode) -> str:
        texts = self._texts(term, "skos:definition")
        texts += [f"Example: {text}" for text in self._texts(term, "skos:example")]
        return " ".join([*texts, *self._texts(term, "skos:scopeNote")])

    def _texts(self, term: _Term, predicate: str) -> list[str]:
        texts = [text for text in self._objects(term, predicate) if isinstance(text, ox.Literal)]
        return sorted(text.value for text in texts if text.language in (None, "en"))

    def _named(self, term: _Term, predicate: str) -> list[ox.NamedNode]:
        return sorted((t for t in self._objects(term, predicate) if isinstance(t, ox.NamedNode)), key=_name)

    def _chains(self, name: ox.NamedNode) -> list[list[_Term]]:
        return sorted((self._list(head) for head in self._objects(name, "owl:propertyChainAxiom")), key=str)

    def _targets(self, shape: ox.NamedNode) -> list[_Term]:
        return self._objects(shape, "sh:targetClass")

    def _list(self, head: _Term) -> list[_Term]:
        found: list[_Term] = []
        while head != named("rdf:nil"):
            found += self._objects(head, "rdf:first")
            (head,) = self._objects(head, "rdf:rest")
        return found

    def _objects(self, subject: _Term, predicate: str) -> list[_Term]:
        if isinstance(subject, ox.Literal):
            return []
        quads = self._store.quads_for_pattern(subject, named(predicate), None)
        return [quad.object for quad in quads if not isinstance(quad.object, ox.Triple)]

    def _subjects(self, predicate: str, value: ox.NamedNode) -> list[ox.NamedNode]:
        quads = self._store.quads_for_pattern(None, named(predicate), value)
        return sorted({quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}, key=_name)


def model_reference() -> str:
    """Return docs/model.md."""
    model = _Model()
    return "\n".join(
        [
            "# The model",
            "",
            _EDIT,
            "Each class of the ontology with the shape that its things have to meet and the first thing of "
            "the graph, as its file describes it; then each property; then the rules that hold across "
            "classes. The source is in [`ontology/`](../ontology) and [`shapes/`](../shapes); how an article "
            "is mapped is in [mapping.md](mapping.md). Prefixes are those of the page `/prefixes` of a "
            "server.",
            "",
            "## Classes",
            "",
            *map(model.class_section, model.classes()),
            "## Properties",
            "",
            "| property | from, to | definition |",
            "|---|---|---|",
            *map(model.property_row, model.properties()),
            "",
            "## Rules across classes",
            "",
            "Shapes of one rule each, most of them a SPARQL query; the message says what to write instead.",
            "",
            "| shape | message |",
            "|---|---|",
            *map(model.rule_row, model.rules()),
            "",
        ]
    )


def cli_reference() -> str:
    """Return docs/cli.md."""
    parts = ["# The command", "", _EDIT, "```text", _help(main, "forumkg"), "```", ""]
    for name, command in commands():
        level = "###" if " " in name else "##"
        parts += [f"{level} `forumkg {name}`", "", "```text", _help(command, f"forumkg {name}"), "```", ""]
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield each command with its name; behind a group, those of the group, as `engine load`."""
    for name in COMMANDS:
        command: click.Command = importlib.import_module(f"forumkg.cli.{name}").command
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {each}", found) for each, found in command.commands.items())


def _help(command: click.Command, name: str) -> str:
    context = click.Context(
        command,
        info_name=name,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def _name(term: ox.NamedNode) -> str:
    return term.value


def _listed(terms: list[ox.NamedNode] | list[_Term]) -> str:
    return ", ".join(
        f"`{shorten(term.value)}`" if isinstance(term, ox.NamedNode) else str(term) for term in terms
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


REFERENCES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "cli.md": cli_reference,
        "engines.md": engine_page,
        "findings.md": findings_reference,
        "http.md": http_reference,
        "model.md": model_reference,
        "notebook.ipynb": notebook,
    }
)


if __name__ == "__main__":
    # Examples come from the frozen articles, so that a new article changes no reference.
    os.environ["FORUMKG_GRAPH"] = str(FIVE)
    for file_name, written in REFERENCES.items():
        (DOCS / file_name).write_text(written(), encoding="utf-8")
