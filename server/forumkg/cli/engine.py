"""`forumkg engine`: load a version into a SPARQL engine, and check whether an engine will do."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

import click

from forumkg.cli.options import DAY, Number, data_option
from forumkg.cli.progress import Progress, report_nothing
from forumkg.dataset.files import source_files
from forumkg.dataset.questions import load_questions
from forumkg.dataset.versions import Version, current, open_current, open_version
from forumkg.engine.authorization import read_authorization
from forumkg.engine.check import CheckOutcome, EngineCheck, EngineReport, EngineTest, load_version
from forumkg.engine.connection import Engine
from forumkg.engine.loading import dataset_address, graphs_of, write_quads
from forumkg.engine.marks import mark_loaded
from forumkg.engine.profiles import PROFILES
from forumkg.workers.pool import Pool

__all__ = ["command", "engine_of", "profile_option"]

profile_option = click.option(
    "--profile",
    type=click.Choice([*PROFILES]),
    help="What kind of engine it is.",
)
_required_profile = click.option(
    "--profile", type=click.Choice([*PROFILES]), required=True, help="What kind of engine it is."
)


@click.group("engine")
def command() -> None:
    """Load and check the SPARQL engine of `forumkg serve --engine`.

    URL is the address of a dataset of the engine; {version} in it is replaced by the beginning of the digest
    of the version. FORUMKG_ENGINE_AUTHORIZATION, or the content of the file that
    FORUMKG_ENGINE_AUTHORIZATION_FILE names, is sent as the Authorization header.
    """


@command.command("load")
@click.argument("url", metavar="URL")
@_required_profile
@data_option
def load(url: str, profile: str, data: Path) -> None:
    """Load the version of a data directory into a dataset, and verify it.

    What the engine has is compared with the version, and the questions are asked; only then does `forumkg
    serve --engine` accept the dataset. One that has the version already is only verified; another version of
    this graph is replaced, and anything else is left as it is.
    """
    version = open_current(data)
    engine = engine_of(url, profile, version)
    with _progress() as progress:
        is_new = load_version(engine, version.store, version.info, progress, may_replace=True)
        tested = EngineCheck(engine, version.store, version.info, progress)
        tests = [*tested.loaded(), *tested.questions(load_questions())]
    _echo_failures(tests)
    if any(test.outcome is CheckOutcome.FAILED for test in tests):
        raise click.ClickException(f"{engine.url} does not answer as version {version.info.number} does.")
    mark_loaded(data, engine, version.info)
    verb = "Loaded" if is_new else "Verified"
    click.echo(f"{verb} version {version.info.number}: {version.info.triples:,} triples in {engine.url}.")


@command.command("check")
@click.argument("url", metavar="URL")
@_required_profile
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--page-seconds",
    default=30.0,
    show_default=True,
    type=Number(0.1, DAY),
    metavar="SECONDS",
    help="Time that one query of a page may take.",
)
@click.option(
    "--limit-seconds",
    show_default="30 where a request has a limit, else 120",
    type=Number(0.1, DAY),
    metavar="SECONDS",
    help="Time after which a long query has outlived the limit of the engine.",
)
def check(  # noqa: PLR0913 (its options)
    url: str, profile: str, data: Path, *, as_json: bool, page_seconds: float, limit_seconds: float | None
) -> None:
    """Check whether an engine will do, with an empty dataset of it.

    Loads the version of the data directory, built first if there is none; compares what was stored, and the
    answers to all questions and to the queries of all pages; provokes failures, each of which has to be an
    error in every format; and waits for the engine to end long queries by itself. The status is 0 if nothing
    failed but what the profile lists.
    """
    version = open_version(data, source_files()) if current(data) is None else open_current(data)
    engine = engine_of(url, profile, version)
    with _progress() as progress:
        progress("Recording the queries of pages")
        from forumkg.app.page_samples import page_samples  # noqa: PLC0415 (imports all pages)

        with Pool(version.path / "store") as pool:
            samples = page_samples(version, pool)
        tested = EngineCheck(engine, version.store, version.info, progress)
        report = tested.run(load_questions(), samples, page_seconds=page_seconds, limit_seconds=limit_seconds)
    click.echo(json.dumps(report.document(), indent=2) if as_json else _summary(report))
    if not report.is_passed:
        raise click.exceptions.Exit(1)


@command.command("dump")
@data_option
def dump(data: Path) -> None:
    """Print the version as N-Quads, as an engine is to hold it.

    For engines that are loaded by tools of their own: the merge of all graphs in the default graph, and each
    graph by its name. `forumkg engine load` then verifies what was stored.
    """
    version = open_version(data, source_files()) if current(data) is None else open_current(data)
    write_quads(version.store, sys.stdout.buffer)


def engine_of(url: str, profile: str, version: Version) -> Engine:
    """Return the engine at an address, for a version.

    Raises:
        StoreError: the address is not one of HTTP, or the credentials cannot be read.
    """
    return Engine(
        PROFILES[profile],
        dataset_address(url, version.info.digest),
        graphs_of(version.store),
        version.info.digest,
        read_authorization(),
    )


def _progress() -> AbstractContextManager[Callable[[str], None]]:
    return Progress(patience=0) if sys.stderr.isatty() else nullcontext(report_nothing)


def _echo_failures(tests: list[EngineTest]) -> None:
    for test in tests:
        if test.outcome is not CheckOutcome.PASSED:
            click.echo(_line(test))


def _line(test: EngineTest) -> str:
    return f"{test.outcome.value}: {test.group} {test.name}: {test.detail}"


def _summary(report: EngineReport) -> str:
    lines = [_line(test) for test in report.tests if test.outcome is not CheckOutcome.PASSED]
    for group, words in _GROUPS.items():
        passed, total = report.count(group)
        lines.append(f"{passed} of {total} {words}")
    slowest = max((test for test in report.tests if test.group == "page"), key=lambda test: test.seconds)
    lines.append(f"slowest query of a page: {slowest.seconds:.2f} s, {slowest.name}")
    verdict = "will do" if report.is_passed else "will not do"
    lines.append(f"{report.engine} {verdict}: {PROFILES[report.profile].label}, version {report.version}.")
    return "\n".join(lines)


_GROUPS: Final = {
    "load": "comparisons of what was stored",
    "question": "questions",
    "page": "queries of pages",
    "failure": "failures that are errors",
    "limit": "long queries that the engine ended at its limit",
}
