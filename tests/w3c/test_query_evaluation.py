"""The evaluation tests of the W3C: the answer to each query, in each format that we write.

A test that is listed in known-failures.toml must fail, and one that is listed as `by_value` must pass only
when numbers are compared by value: who repairs one has to take it out of the list.
"""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from forumkg.errors import NotAcceptable, QueryError
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.sparql.evaluation import evaluate, serialize
from w3c.answers import READERS, Answer, read_graph
from w3c.compare import difference, has_triple_terms, plain
from w3c.dataset import build, expected, query
from w3c.manifest import Case
from w3c.suite import EVALUATION, KNOWN, ROOT, DeviationError, known, parameters

pytestmark = pytest.mark.w3c

# They cannot express a control character, a property that is no element name, or a triple term.
_MAY_REFUSE = frozenset({"jsonld", "rdfxml", "xml"})


@pytest.mark.parametrize("case", parameters(EVALUATION))
def test_query_evaluation(case: Case) -> None:
    """A query has the answer that the test expects, in every format that can hold it."""
    judge(case, build(ROOT, case))


@pytest.mark.slow
@pytest.mark.parametrize("case", parameters(EVALUATION))
def test_query_evaluation_on_disk(case: Case, tmp_path: Path) -> None:
    """A store on disk that is opened to be read, as the endpoint has it, gives the same answers."""
    with_data = build(ROOT, case, tmp_path)
    with_data.flush()
    del with_data  # closes it

    judge(case, ox.Store.read_only(str(tmp_path)))


def judge(case: Case, store: ox.Store) -> None:
    """Accept the expected answer, or the failure that is known.

    Raises:
        DeviationError: the answer is another one.
    """
    deviations = [*_deviations(case, store)]
    failure = known().get(case.name)
    if failure and failure.by_value:
        assert deviations, f"{case.name} passes now without comparing by value: take it out of {KNOWN.name}"
        deviations = [*_deviations(case, store, by_value=True)]
    if deviations:
        raise DeviationError("\n".join(deviations))


def _deviations(case: Case, store: ox.Store, *, by_value: bool = False) -> Iterator[str]:
    """Yield in what our answer differs, format by format."""
    wanted, text = expected(ROOT, case), query(ROOT, case)
    for format_ in GRAPH_FORMATS if isinstance(wanted, frozenset) else RESULT_FORMATS:
        if not _is_compared(case, wanted, format_, by_value=by_value):
            continue
        try:
            answer = _read(serialize(evaluate(store, text), format_), format_)
        except NotAcceptable as error:
            if format_.name not in _MAY_REFUSE:
                yield f"{format_.label}: {error}"
            continue
        except QueryError as error:
            yield f"{format_.label}: {error}"
            continue
        if found := difference(_as_written(wanted, format_), answer, by_value=by_value, is_lax=case.is_lax):
            yield f"{format_.label}: {found}"


def _is_compared(case: Case, wanted: Answer, format_: Format, *, by_value: bool) -> bool:
    """Whether the expected answer says what a format has to hold.

    CSV has no types, so that one that is expected says nothing of other formats, and one of ours cannot be
    compared by value. It has no form for triple terms.
    """
    if case.type == "CSVResultFormatTest":
        return format_.name == "csv"
    return format_.name != "csv" or not (by_value or has_triple_terms(wanted))


def _as_written(wanted: Answer, format_: Format) -> Answer:
    return plain(wanted) if format_.name == "csv" else wanted


def _read(data: bytes, format_: Format) -> Answer:
    if format_ in RESULT_FORMATS:
        return READERS[format_.name](data)
    return read_graph(data, format_.extension)
