"""The files of a validation run: those given, merged with those shipped, each with its lines.

A given file replaces the shipped file that has the same article, and the shipped file with the same name;
without either it is added.
"""

from collections.abc import Callable, Container, Iterable, Sequence, Set
from dataclasses import astuple, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol, Self
from urllib.parse import quote

from rdflib import RDF, BNode, Graph, URIRef
from rdflib.term import Node

from forumkg.dataset.files import SourceFile, source_files
from forumkg.errors import DataError, DocumentError
from forumkg.formats import TURTLE, Format
from forumkg.namespaces import GRAPH, ZGC
from forumkg.rdf.conversion import merge, rdflib_graph
from forumkg.rdf.documents import document_locations, read_document
from forumkg.rdf.reading import read_text
from forumkg.rdf.turtle.positions import UNLABELLED, Locations
from forumkg.validation.findings import Finding
from forumkg.validation.shape_rules import Foci

__all__ = [
    "CheckedFile",
    "Counts",
    "KnownPart",
    "WholeDataset",
    "Workspace",
    "counts",
    "gather",
    "given_sources",
    "graph_of",
    "lay_over",
    "name_of",
    "read_given",
    "unparsed",
]

_ARTICLE: Final = URIRef(f"{ZGC}Article")
_SUPPORTED: Final = URIRef(f"{ZGC}isSupportedBy")
_SHA256: Final = URIRef(f"{ZGC}sha256")
_LENGTH: Final = URIRef(f"{ZGC}codePointLength")
_FOLDERS: Final = ("articles", "ontology", "shapes")


@dataclass(frozen=True)
class CheckedFile:
    """A file with its triples, or some of them, and their lines.

    Attributes:
        source: the file.
        load: returns its text; called when a line is asked for.
        graph: its triples.
        is_given: whether it is to be checked, with all of its triples.
        format: its syntax.
    """

    source: SourceFile
    load: Callable[[], str] = field(repr=False, compare=False)
    graph: Graph = field(repr=False)
    is_given: bool = False
    format: Format = TURTLE

    @classmethod
    def read(cls, source: SourceFile, text: str, format_: Format = TURTLE, *, is_given: bool = False) -> Self:
        """Return the file that has this text.

        Raises:
            DocumentError: the text cannot be read in this syntax.
        """
        return cls(source, lambda: text, rdflib_graph(read_document(text, format_)), is_given, format_)

    @cached_property
    def text(self) -> str:
        """Its text."""
        return self.load()

    @cached_property
    def shown(self) -> str:
        """The path for messages: relative to the working directory where it lies below it."""
        return _shown(self.source.path)

    @cached_property
    def locations(self) -> Locations:
        """The lines of subjects, predicates and objects."""
        triples = ((name_of(s), str(p), name_of(o)) for s, p, o in self.graph)
        return document_locations(self.text, self.format, triples)

    @property
    def is_data(self) -> bool:
        """Whether the file holds facts rather than terms or shapes."""
        return not (self.source.is_ontology or self.source.is_shapes)

    @cached_property
    def articles(self) -> frozenset[str]:
        """The IRIs of the articles that the file describes."""
        return frozenset(str(node) for node in self.graph.subjects(RDF.type, _ARTICLE))

    @property
    def has_canonical_form(self) -> bool:
        """Whether there is one way to write the file: facts in Turtle have it."""
        return self.is_data and self.format == TURTLE

    def finding(self, rule: str, triple: Sequence[str], message: str, advice: str) -> Finding:
        """Return a violation at the subject, predicate and IRI that `triple` names, as far as it goes.

        The focus of a blank node, `_:name`, is the graph that the file is: nothing else can name it.
        """
        is_blank = triple[0].startswith("_:")
        line = self.locations.line(*triple)
        _, predicate, value = (*triple, None, None)[:3]
        return Finding(
            "violation",
            self.shown,
            self.locations.line(UNLABELLED) if is_blank and line is None else line,
            self.source.graph if is_blank else triple[0],
            rule,
            message,
            advice,
            predicate=predicate,
            value=f"<{value}>" if value else None,
        )

    def finding_on_file(self, rule: str, line: int | None, message: str, advice: str) -> Finding:
        """Return a violation of the file itself; its focus is the graph that the file is."""
        return Finding("violation", self.shown, line, self.source.graph, rule, message, advice)


class WholeDataset(Protocol):
    """A dataset of which a workspace holds a part: all of its terms and shapes, and look-ups in its files."""

    @property
    def ontology(self) -> Graph:
        """The terms."""

    @property
    def shapes(self) -> Graph:
        """The shapes."""

    def things(self, namespace: str) -> Iterable[str]:
        """Return the IRIs in a namespace that have a type."""

    def articles_of(self, sha256: str) -> Set[str]:
        """Return the IRIs of the articles whose text has a digest."""

    def is_used(self, iri: str) -> bool:
        """Return whether another thing refers to one."""


@dataclass(frozen=True)
class KnownPart:
    """What to check in a workspace that holds only a part of a dataset, large enough for these checks.

    Attributes:
        nodes: IRIs whose description or absence is known.
        articles: IRIs of articles that have all their passages.
        foci: the nodes of each shape.
        whole: the dataset; the files to check are facts, which leave its terms and shapes as they are.
    """

    nodes: frozenset[str]
    articles: frozenset[str]
    foci: Foci
    whole: WholeDataset


@dataclass(frozen=True)
class Workspace:
    """All files of a validation run, ordered by graph; those that could not be read, as findings.

    With a scope, those that are not given hold a part of their triples.
    """

    files: tuple[CheckedFile, ...]
    unreadable: tuple[Finding, ...] = ()
    scope: KnownPart | None = None

    @cached_property
    def given(self) -> tuple[CheckedFile, ...]:
        """The files that the caller named."""
        return tuple(file for file in self.files if file.is_given)

    @cached_property
    def checked(self) -> tuple[CheckedFile, ...]:
        """The files whose own form is checked: those given; without any, and without a scope, all."""
        return self.given if self.given or self.scope else self.files

    @cached_property
    def data(self) -> Graph:
        """The facts: the merge of all files of data."""
        return _merged(file for file in self.files if file.is_data)

    @cached_property
    def ontology(self) -> Graph:
        """The terms: the merge of the ontology, its vocabulary and its alignments."""
        if self.scope is not None:
            return self.scope.whole.ontology
        return _merged(file for file in self.files if file.source.is_ontology)

    @cached_property
    def shapes(self) -> Graph:
        """The shapes: the merge of all their files."""
        if self.scope is not None:
            return self.scope.whole.shapes
        return _merged(file for file in self.files if file.source.is_shapes)

    def file_of(
        self, subject: str, predicate: str | None = None, value: str | None = None
    ) -> CheckedFile | None:
        """Return the file that has this triple, else this predicate, else the type, else the subject.

        Among several a given one comes first.
        """
        is_blank = subject.startswith("_:")
        files = sorted(
            (file for file in self.files if is_blank or (URIRef(subject), None, None) in file.graph),
            key=lambda file: not file.is_given,
        )
        lines = [(file, file.locations.lines) for file in files]
        said = ((subject, predicate, value), (subject, predicate, None)) if predicate else ()
        for place in (*said, (subject, str(RDF.type), None), (subject, None, None)):
            if found := next((file for file, known in lines if place in known), None):
                return found
        return None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of a dataset, as a report says it."""

    files: int
    triples: int
    statements: int
    passages: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(*(one - two for one, two in zip(astuple(self), astuple(other), strict=True)))


def counts(workspace: Workspace, nodes: Container[str] | None = None) -> Counts:
    """Return how much a workspace holds, or what of it is about some nodes."""
    data = workspace.data

    def subjects(predicate: URIRef) -> set[Node]:
        return {node for node in data.subjects(predicate) if nodes is None or str(node) in nodes}

    return Counts(
        files=len(workspace.files),
        triples=len(data) + len(workspace.ontology),
        statements=len(subjects(_SUPPORTED)),
        passages=len(subjects(_SHA256) - subjects(_LENGTH)),
    )


def gather(given: Iterable[Path], root: Path | None = None) -> Workspace:
    """Read the given files and those of the shipped dataset that they do not replace.

    Args:
        given: Turtle files.
        root: a folder with `ontology/`, `graph/` and `shapes/`; the shipped one by default.

    Raises:
        DataError: the shipped dataset is not there.
    """
    shipped = source_files(root)
    unreadable: list[Finding] = []
    ours = read_given(given_sources(given, shipped), unreadable)
    names = {file.source.graph for file in ours}
    others = [_opened(file, unreadable) for file in shipped if file.graph not in names]
    return lay_over(ours, [file for file in others if file], unreadable)


def given_sources(given: Iterable[Path], shipped: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """Return given files as the named graphs that they are: each a shipped one, or a new one."""
    return tuple(_source(path, shipped) for path in dict.fromkeys(given))


def read_given(sources: Iterable[SourceFile], unreadable: list[Finding]) -> list[CheckedFile]:
    """Return the files that can be read; `unreadable` gets a finding on each other one."""
    opened = (_opened(source, unreadable, is_given=True) for source in sources)
    return [file for file in opened if file]


def lay_over(
    given: Sequence[CheckedFile], shipped: Iterable[CheckedFile], unreadable: Iterable[Finding] = ()
) -> Workspace:
    """Return the workspace in which the given files replace shipped ones.

    Args:
        given: the files to check.
        shipped: all others.
        unreadable: what could not be read.
    """
    graphs = {file.source.graph for file in given}
    articles = {article for file in given for article in file.articles}
    kept = [
        file for file in shipped if file.source.graph not in graphs and articles.isdisjoint(file.articles)
    ]
    return Workspace(tuple(sorted([*given, *kept], key=lambda file: file.source.graph)), tuple(unreadable))


def _source(path: Path, shipped: Sequence[SourceFile]) -> SourceFile:
    """Return the file as a named graph: a shipped one of that name, or a new one."""
    same = [file for file in shipped if file.path.name == path.name]
    folder = path.absolute().parent.name
    if len(same) > 1:
        same = [file for file in same if file.path.parent.name == folder]
    if len(same) == 1:
        return SourceFile(path, same[0].graph)
    name = graph_of(path.stem)
    return SourceFile(path, name.replace(GRAPH, f"{GRAPH}{folder}/", 1) if folder in _FOLDERS else name)


def graph_of(stem: str) -> str:
    """Return the IRI of the named graph for a new file of any name."""
    return f"{GRAPH}{quote(stem)}"


def _opened(source: SourceFile, unreadable: list[Finding], *, is_given: bool = False) -> CheckedFile | None:
    """Read a file, or record the reason why it cannot be read."""
    try:
        return CheckedFile.read(source, read_text(source.path), is_given=is_given)
    except DocumentError as error:
        unreadable.append(unparsed(source, error, TURTLE))
    except DataError as error:
        shown = _shown(source.path)
        message, advice = str(error), "Give a file that can be read, in Turtle and UTF-8."
        unreadable.append(Finding("violation", shown, None, source.graph, "readable", message, advice))
    return None


def unparsed(source: SourceFile, error: DocumentError, format_: Format) -> Finding:
    """Return the finding that a file cannot be read, at its place."""
    return Finding(
        "violation",
        _shown(source.path),
        error.line,
        source.graph,
        format_.name,
        error.message,
        error.advice,
        column=error.column,
    )


def name_of(node: Node) -> str:
    """Return the name of a node in `Locations`."""
    return f"_:{node}" if isinstance(node, BNode) else str(node)


def _merged(files: Iterable[CheckedFile]) -> Graph:
    return merge(*(file.graph for file in files))


def _shown(path: Path) -> str:
    absolute = path.absolute()
    return str(absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else path)
