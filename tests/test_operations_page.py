"""The page for operators is complete: every option, metric, field of the log and outcome."""

import json
import re
from pathlib import Path

import click
from counting import metrics_at_rest
from prometheus_client.parser import text_string_to_metric_families

from forumkg import errors
from forumkg.cli.serve import command
from forumkg.web.http.limits import MAX_FIELD_BYTES, MAX_FIELDS, ServerLimits
from forumkg.web.logs import LEVELS
from forumkg.web.metrics import Traffic
from forumkg.web.paths import OPERATOR_PATHS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def rows(header: str) -> list[list[str]]:
    """Return the cells of the table whose first line begins with a header."""
    table = PAGE.split(f"\n| {header} |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def names(text: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", text)


def listed_default(option: click.Option) -> str:
    """Return the default of an option as the table has it."""
    if isinstance(option.show_default, str):
        return option.show_default
    return f"{option.default:g}" if isinstance(option.default, float) else str(option.default)


def test_options() -> None:
    """The table has each option of `forumkg serve` once, in the order of the help, with its default."""
    options = [option for option in command.params if isinstance(option, click.Option)]

    listed = {names(name)[0]: default.strip("`") for name, default, _ in rows("option")}

    assert list(listed) == [option.opts[0] for option in options]
    for option in options:
        if option.name not in {"data", "root"}:
            assert listed[option.opts[0]] == listed_default(option), option.name


def test_limits() -> None:
    """The table has the limits of the HTTP server, as they are."""
    limits, mib = ServerLimits(), 1024 * 1024
    told = {limit: [number for number in numbers if number] for limit, *numbers, _ in rows("limit")}

    assert list(told.values())[:2] == [
        [f"{limits.connections:,}", f"{limits.client_connections:,}"],
        [f"{limits.bodies_bytes // mib} MiB", f"{limits.client_bodies_bytes // mib} MiB"],
    ]
    assert list(told.values())[4:10] == [
        [f"{limits.header_bytes // 1024} KiB, {MAX_FIELDS} fields of {MAX_FIELD_BYTES // 1024} KiB"],
        [f"{limits.body_bytes // mib} MiB"],
        [f"{limits.header_seconds:g} s"],
        [f"{limits.body_seconds:g} s"],
        [f"{limits.unread_seconds:g} s"],
        [f"{limits.least_pace // 1024:g} KiB/s"],
    ]


def test_addresses() -> None:
    """The table has each address for operators."""
    assert {names(address)[0] for address, _ in rows("address")} == OPERATOR_PATHS


def test_metrics() -> None:
    """The table has each metric with its labels; those of the process are a group."""
    traffic = Traffic({"idle": 1})
    metrics = metrics_at_rest(traffic=lambda: traffic)
    metrics.request("/", "GET", 200, 1, 1)
    metrics.query("answered", seconds=1, waited=1)
    _, text = metrics.write("")
    labels = {
        re.sub(r"_(bucket|sum|count)$", "", sample.name): set(sample.labels) - {"le"}
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if not sample.name.endswith("_created")
    }

    listed = {
        name: set(names(with_labels)) for cell, with_labels, _ in rows("metric") for name in names(cell)
    }

    assert {name for name in labels if "_process_" not in name} == {n for n in listed if "_process_" not in n}
    assert {name for name in listed if "_process_" in name} <= set(labels)
    assert all(listed[name] == labels[name] for name in listed)


def test_log() -> None:
    """The examples of the log have the fields that the server writes, in their order."""
    request, slow = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))

    assert list(request) == [
        *("time", "level", "event", "id", "client", "method", "path", "status", "ms", "bytes"),
        *("outcome", "query", "query_id", "rows", "wait_ms", "query_ms"),
    ]
    assert list(slow) == [
        *("time", "level", "event", "id", "client", "bytes"),
        *("outcome", "query", "query_id", "wait_ms", "query_ms"),
    ]
    assert all(f"`{level}`" in PAGE for level in LEVELS)


def test_outcomes() -> None:
    """The outcomes that an alert names are names of errors."""
    named = set(re.findall(r'outcome="(\w+)"', PAGE)) | {slow["outcome"] for slow in _slow_lines()}

    assert named
    assert named <= set(errors.__all__)


def _slow_lines() -> list[dict[str, str]]:
    lines = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    return [line for line in lines if line["event"] == "slow query"]
