"""Check whether an engine is suitable: load a version, compare its answers with ours, provoke failures."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatch
from typing import Any, Final

import pyoxigraph as ox

from forumkg.dataset.questions import Question
from forumkg.dataset.version_info import VersionInfo
from forumkg.engine.answers import ask_engine
from forumkg.engine.comparison import answer_locally, difference, format_for, read_comparable
from forumkg.engine.connection import Engine
from forumkg.engine.failures import failure_cases, limit_cases
from forumkg.engine.loading import create_dataset, differences, fill
from forumkg.engine.stored import EngineDataset, connect, count_triples, engine_dataset, short
from forumkg.errors import ForumKgError, StoreError
from forumkg.rdf.sparql_tokens import query_form

__all__ = ["CheckOutcome", "EngineCheck", "EngineReport", "EngineTest", "PageSample", "load_version"]

_QUESTIONS: Final = 30.0


class CheckOutcome(StrEnum):
    """How a test ended; `EXPECTED` is a failure that the profile lists."""

    PASSED = "passed"
    EXPECTED = "expected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class EngineTest:
    """One test of an engine.

    Attributes:
        group: `load`, `question`, `page`, `failure` or `limit`.
        name: what was tested.
        outcome: how it ended.
        detail: how an answer differs, or the error; empty for neither.
        seconds: how long it took.
    """

    group: str
    name: str
    outcome: CheckOutcome
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True)
class EngineReport:
    """The result of all tests.

    Attributes:
        engine: the address of the dataset.
        profile: the name of the profile.
        version: the number of the version.
        digest: its digest.
        triples: the triples of its default graph.
        tests: what was tested.
    """

    engine: str
    profile: str
    version: int
    digest: str
    triples: int
    tests: tuple[EngineTest, ...]

    @property
    def is_passed(self) -> bool:
        """Whether nothing failed but what the profile lists."""
        return all(test.outcome is not CheckOutcome.FAILED for test in self.tests)

    def count(self, group: str) -> tuple[int, int]:
        """Return how many tests of a group passed, and how many there are."""
        tests = [test for test in self.tests if test.group == group]
        return sum(test.outcome is CheckOutcome.PASSED for test in tests), len(tests)

    def document(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {**asdict(self), "passed": self.is_passed}


@dataclass(frozen=True, slots=True)
class PageSample:
    """A query of a page, and the address of the page."""

    path: str
    query: str


class EngineCheck:
    """The tests of an engine that is to hold a version."""

    def __init__(
        self, engine: Engine, store: ox.Store, info: VersionInfo, progress: Callable[[str], None]
    ) -> None:
        """Test nothing yet.

        Args:
            engine: the engine; its dataset is empty, or has this version.
            store: the version in our own store.
            info: the description of the version.
            progress: called with the name of each step.
        """
        self._engine = engine
        self._store = store
        self._info = info
        self._progress = progress

    def run(
        self,
        questions: Iterable[Question],
        pages: Iterable[PageSample],
        *,
        page_seconds: float,
        limit_seconds: float | None = None,
    ) -> EngineReport:
        """Load the version and test everything.

        Args:
            questions: the questions whose answers are compared.
            pages: queries of pages, which are compared too.
            page_seconds: how long one of them may take.
            limit_seconds: after how many a query has outlived the limit of the engine; see `limit_cases`.

        Raises:
            StoreError: the dataset of the engine has something else, or refuses the data.
            EngineError: the engine cannot be reached.
        """
        load_version(self._engine, self._store, self._info, self._progress)
        tests = [*self.loaded()]
        tests += self.questions(questions)
        self._progress("Asking the queries of pages")
        tests += [self._page(sample, page_seconds) for sample in pages]
        self._progress("Provoking failures")
        tests += [self._test("failure", name, case) for name, case in failure_cases(self._engine)]
        self._progress("Waiting for the limit of the engine")
        tests += [self._test("limit", name, case) for name, case in limit_cases(self._engine, limit_seconds)]
        info = self._info
        return EngineReport(
            self._engine.url, self._engine.profile.name, info.number, info.digest, info.triples, tuple(tests)
        )

    def loaded(self) -> Iterator[EngineTest]:
        """Compare what the engine has with what it should have."""
        self._progress("Comparing what was stored")
        yield self._test("load", "triples", self._counted)
        begun = time.monotonic()
        try:
            found = differences(self._engine, self._store)
        except ForumKgError as error:
            yield self._ended("load", "properties", str(error), begun)
            return
        for name, detail in found.items():
            yield self._ended("load", name, detail, begun)

    def questions(self, questions: Iterable[Question]) -> list[EngineTest]:
        """Compare the answers to questions with ours."""
        self._progress("Asking the questions")
        return [self._question(question) for question in questions]

    def _counted(self) -> str:
        count = count_triples(self._engine)
        return "" if count == self._info.triples else f"{count} triples for {self._info.triples}"

    def _question(self, question: Question) -> EngineTest:
        name = f"{question.number:02d}-{question.slug}"
        return self._test("question", name, lambda: self._compared(question.text, _QUESTIONS, in_order=True))

    def _page(self, sample: PageSample, seconds: float) -> EngineTest:
        title = sample.query.partition("\n")[0].removeprefix("# ")
        name = f"{sample.path}: {title}"
        return self._test("page", name, lambda: self._compared(sample.query, seconds, in_order=False))

    def _compared(self, query: str, seconds: float, *, in_order: bool) -> str:
        """Return in what the engine's answer to a query differs from ours."""
        form = query_form(query)
        with connect(self._engine) as connection:
            data = ask_engine(connection, query, format_for(form), seconds=seconds)
        expected = answer_locally(self._store, query, form)
        found = read_comparable(data, form)
        is_cut = "LIMIT" in query.upper() and not in_order
        if is_cut and isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
            return ""  # Which rows come first is the choice of the engine where the order leaves one.
        return difference(found, expected, in_order=in_order)

    def _test(self, group: str, name: str, run: Callable[[], str]) -> EngineTest:
        begun = time.monotonic()
        try:
            detail = run()
        except ForumKgError as error:
            detail = f"{type(error).__name__}: {error}"
        return self._ended(group, name, detail, begun)

    def _ended(self, group: str, name: str, detail: str, begun: float) -> EngineTest:
        seconds = round(time.monotonic() - begun, 3)
        known = self._engine.profile.deviations
        reason = next((known[each] for each in known if fnmatch(f"{group} {name}: {detail}", each)), "")
        if not detail:
            return EngineTest(group, name, CheckOutcome.PASSED, "", seconds)
        if reason:
            return EngineTest(group, name, CheckOutcome.EXPECTED, f"{detail} ({reason})", seconds)
        return EngineTest(group, name, CheckOutcome.FAILED, detail, seconds)


def load_version(
    engine: Engine,
    store: ox.Store,
    info: VersionInfo,
    progress: Callable[[str], None],
    *,
    may_replace: bool = False,
) -> bool:
    """Load a version into an engine whose dataset is empty or missing; return whether anything was sent.

    Args:
        engine: the engine.
        store: the version in our own store.
        info: what the version says of itself.
        progress: called with the name of each step.
        may_replace: replace another version of the graph, or a part of this one.

    Raises:
        StoreError: the dataset holds something else, or the engine refuses the data.
        EngineError: the engine cannot be reached.
    """
    progress(f"Connecting to {engine.url}")
    held = engine_dataset(engine)
    if held is None:
        create_dataset(engine)
    elif held.holds(info):
        return False
    elif not held.is_empty and not (may_replace and held.digests):
        raise StoreError(
            f"{engine.url} holds {held.describe()}, and not version {short(info.digest)} in "
            f"{info.triples:,} triples. {_advice(held)}"
        )
    fill(engine, store, progress, is_replaced=held is not None and not held.is_empty)
    return True


def _advice(held: EngineDataset) -> str:
    if held.digests:
        return "Name an empty dataset, or have `forumkg engine load` replace what this one holds."
    return "Name an empty dataset: what is not a version of this graph is never replaced."
