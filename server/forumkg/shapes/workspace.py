"""The files that a check looks at: those given, merged with those shipped, each with its lines.

A given file stands in the place of the shipped file that has the same article, and of the shipped file with
the same name; without either it is added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from rdflib import RDF, Graph, URIRef

from forumkg.errors import DataError, TurtleError
from forumkg.model.conversion import rdflib_graph
from forumkg.model.files import SourceFile, parse, read_text, source_files
from forumkg.model.turtle import Locations, locations
from forumkg.namespaces import GRAPH, PREFIXES, ZGC
from forumkg.shapes.findings import Finding

__all__ = ["CheckedFile", "Workspace", "gather"]

_ARTICLE: Final = URIRef(f"{ZGC}Article")
_FOLDERS: Final = ("articles", "ontology", "shapes")


@dataclass(frozen=True)
class CheckedFile:
    """A Turtle file with its triples and the lines on which they stand."""

    source: SourceFile
    text: str = field(repr=False)
    graph: Graph = field(repr=False)
    is_given: bool = False

    @cached_property
    def shown(self) -> str:
        """The path for messages: relative to the working directory where it lies below it."""
        return _shown(self.source.path)

    @cached_property
    def locations(self) -> Locations:
        """The lines of subjects, predicates and objects."""
        return locations(self.text)

    @property
    def is_data(self) -> bool:
        """Whether the file holds facts rather than terms or shapes."""
        return not (self.source.is_ontology or self.source.is_shapes)

    def articles(self) -> set[str]:
        """Return the IRIs of the articles that the file describes."""
        return {str(node) for node in self.graph.subjects(RDF.type, _ARTICLE)}

    def finding(self, rule: str, triple: Sequence[str], message: str, advice: str) -> Finding:
        """Return a violation at the subject, predicate and object that `triple` names, as far as it goes.

        The focus of a blank node, `_:name`, is the graph that the file is: nothing else can name it.
        """
        focus = self.source.graph if triple[0].startswith("_:") else triple[0]
        return Finding("violation", self.shown, self.locations.line(*triple), focus, rule, message, advice)

    def finding_on_file(self, rule: str, line: int | None, message: str, advice: str) -> Finding:
        """Return a violation of the file itself; its focus is the graph that the file is."""
        return Finding("violation", self.shown, line, self.source.graph, rule, message, advice)


@dataclass(frozen=True)
class Workspace:
    """All files of a check, ordered by graph, and those that could not be read, as findings."""

    files: tuple[CheckedFile, ...]
    unreadable: tuple[Finding, ...] = ()

    @cached_property
    def given(self) -> tuple[CheckedFile, ...]:
        """The files that the caller named."""
        return tuple(file for file in self.files if file.is_given)

    @cached_property
    def data(self) -> Graph:
        """The facts: the merge of all files of data."""
        return _merged(file for file in self.files if file.is_data)

    @cached_property
    def ontology(self) -> Graph:
        """The terms: the merge of the ontology, its vocabulary and its alignments."""
        return _merged(file for file in self.files if file.source.is_ontology)

    @cached_property
    def shapes(self) -> Graph:
        """The shapes: the merge of all their files."""
        return _merged(file for file in self.files if file.source.is_shapes)

    def file_of(
        self, subject: str, predicate: str | None = None, value: str | None = None
    ) -> CheckedFile | None:
        """Return the file that says it: this triple, else this predicate, else the type, else the subject.

        Among several a given one comes first.
        """
        files = sorted(self.files, key=lambda file: not file.is_given)
        lines = [(file, file.locations.lines) for file in files]
        said = ((subject, predicate, value), (subject, predicate, None)) if predicate else ()
        for place in (*said, (subject, str(RDF.type), None), (subject, None, None)):
            if found := next((file for file, known in lines if place in known), None):
                return found
        return None


def gather(given: Iterable[Path], root: Path | None = None) -> Workspace:
    """Read the given files and those of the shipped dataset in whose place none of them stands.

    Args:
        given: Turtle files.
        root: a folder with `ontology/`, `graph/` and `shapes/`; the shipped one unless told.

    Raises:
        DataError: the shipped dataset is not there.
    """
    shipped = source_files(root)
    unreadable: list[Finding] = []
    named = [_opened(_source(path, shipped), unreadable, is_given=True) for path in dict.fromkeys(given)]
    ours = [file for file in named if file]
    names = {file.source.graph for file in ours}
    others = [_opened(file, unreadable) for file in shipped if file.graph not in names]
    articles = {article for file in ours for article in file.articles()}
    kept = [file for file in others if file and not (articles and articles & file.articles())]
    return Workspace(tuple(sorted([*ours, *kept], key=lambda file: file.source.graph)), tuple(unreadable))


def _source(path: Path, shipped: Sequence[SourceFile]) -> SourceFile:
    """Return the file as the graph that it is: a shipped one of that name, or a new one."""
    same = [file for file in shipped if file.path.name == path.name]
    folder = path.absolute().parent.name
    if len(same) > 1:
        same = [file for file in same if file.path.parent.name == folder]
    if len(same) == 1:
        return SourceFile(path, same[0].graph)
    return SourceFile(path, f"{GRAPH}{folder}/{path.stem}" if folder in _FOLDERS else f"{GRAPH}{path.stem}")


def _opened(source: SourceFile, unreadable: list[Finding], *, is_given: bool = False) -> CheckedFile | None:
    """Read a file, or note why not."""
    try:
        text = read_text(source.path)
        return CheckedFile(source, text, rdflib_graph(parse(source.path, text)), is_given)
    except TurtleError as error:
        unreadable.append(_unparsed(source, error))
    except DataError as error:
        shown = _shown(source.path)
        message, advice = str(error), "Give a file that can be read, in Turtle and UTF-8."
        unreadable.append(Finding("violation", shown, None, source.graph, "readable", message, advice))
    return None


def _unparsed(source: SourceFile, error: TurtleError) -> Finding:
    advice = "Write Turtle 1.1: https://www.w3.org/TR/turtle/."
    prefix = error.message.partition("The prefix ")[2].partition(":")[0]
    if base := PREFIXES.get(prefix):
        advice = f"Add at the top: @prefix {prefix}: <{base}> ."
    elif prefix:
        advice = f"Declare it with @prefix {prefix}: <…> . or use one of: {', '.join(PREFIXES)}."
    elif "\ufeff" in error.message:
        advice = "Save the file without a byte order mark."
    elif "dot" in error.message:
        advice = "End each block with a full stop, and each line of it but the last with a semicolon."
    message = f"Not Turtle: column {error.column}: {error.message.partition(': ')[2] or error.message}."
    return Finding("violation", _shown(source.path), error.line, source.graph, "turtle", message, advice)


def _merged(files: Iterable[CheckedFile]) -> Graph:
    merged = Graph(bind_namespaces="none")
    for file in files:
        merged.addN((s, p, o, merged) for s, p, o in file.graph)
    return merged


def _shown(path: Path) -> str:
    absolute = path.absolute()
    return str(absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else path)
