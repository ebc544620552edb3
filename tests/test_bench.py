"""The benchmark: its synthetic graphs, its queries, what it reads from the system, and its tables."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from plain import number

from bench import datasets, load, pages, processes, queueing, recipes, report, synthetic, workloads
from bench.figures import Figures
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory
from forumkg.namespaces import prefix_lines
from forumkg.sparql.evaluation import evaluate
from forumkg.validation.run import check

COUNT = prefix_lines("zgc") + "SELECT (COUNT(*) AS ?count) {{ ?thing a zgc:{} }}"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a synthetic dataset of one forum."""
    folder = tmp_path_factory.mktemp("synthetic") / "root"
    synthetic.write(folder, forums=1)
    return folder


@pytest.fixture(scope="module")
def store(root: Path) -> ox.Store:
    """Build the synthetic dataset of one forum."""
    return in_memory(source_files(root), ontology_dir=root / "ontology")


def texts(root: Path) -> dict[str, str]:
    """Return the synthetic files by their names."""
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((root / "graph").rglob("*.ttl"))
    }


def test_synthetic_same_seed(root: Path, tmp_path: Path) -> None:
    """The same seed gives the same bytes, and a forum is the same however many there are."""
    synthetic.write(tmp_path / "two", forums=2)
    synthetic.write(tmp_path / "other", forums=1, seed=2)
    two = texts(tmp_path / "two")

    assert {name: text for name, text in two.items() if "f00001" in name} == texts(root)
    assert len(two) == 2 * len(texts(root))
    assert texts(tmp_path / "other") != texts(root)


def test_synthetic_passes_the_shapes(root: Path) -> None:
    """A synthetic graph passes the shapes; its files are not canonical, and some things stay unused."""
    findings = check(root=root).findings

    assert {(finding.severity, finding.rule) for finding in findings} == {
        ("violation", "canonical-form"),
        ("warning", "entity-unused"),
    }


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Forum", 1),
        ("Edition", 10),
        ("Article", synthetic.ARTICLES),
        ("Passage", synthetic.ARTICLES * synthetic.STATEMENTS),
        ("Statement", synthetic.ARTICLES * synthetic.STATEMENTS),
        ("AcceptedStatement", synthetic.ARTICLES * synthetic.STATEMENTS // 3),
    ],
)
def test_synthetic_counts(store: ox.Store, kind: str, expected: int) -> None:
    """A forum has as many things of each kind as the generator says; one statement in three is accepted."""
    assert number(store, COUNT.format(kind)) == expected


def test_synthetic_is_entailed_and_derived(store: ox.Store) -> None:
    """Rules and axioms find something in a synthetic graph, so that what is measured includes it."""
    ask = prefix_lines("zgc") + "ASK { ?one zgc:contradicts ?other . ?edition zgc:hasTheme ?theme }"

    assert bool(evaluate(store, ask))


@pytest.mark.parametrize(("triples", "forums"), [(1, 1), (10_000, 1), (1_000_000, 135)])
def test_synthetic_size(triples: int, forums: int) -> None:
    """The number of forums follows the number of triples that is wanted, and is never zero."""
    assert synthetic.forums_for(triples) == forums


def test_synthetic_size_is_met(store: ox.Store) -> None:
    """The smallest graph has the ten thousand triples that the benchmark calls it by."""
    assert number(store, "SELECT (COUNT(*) AS ?count) { ?s ?p ?o }") == pytest.approx(10_000, rel=0.1)


def test_workloads_are_answered(root: Path, store: ox.Store, tmp_path: Path) -> None:
    """Every query of the benchmark is SPARQL that finds something, whichever number makes it a new one."""
    on_disk = tmp_path / "store"
    written = ox.Store(on_disk)
    written.bulk_extend(store)
    written.flush()
    del written
    dataset = datasets.Dataset("test", root, on_disk, tmp_path / "none.nt", len(store))
    for workload in workloads.queries(dataset):
        answer = evaluate(store, _text(workload.targets[0], 17))

        assert isinstance(answer, ox.QuerySolutions)
        assert [*answer], workload.name


def test_attacks_are_sparql() -> None:
    """Each query of the attackers can be parsed: a server that refused it would not be attacked."""
    for target in workloads.attacks():
        evaluate(ox.Store(), _text(target, 17))


def test_questions_are_never_changed() -> None:
    """The repeated questions have no number in them, or they would not be repeated."""
    assert all(load.NUMBER not in target for target in workloads.questions().targets)


def test_processes_of_a_tree() -> None:
    """CPU time and memory of a process include those of its children."""
    child = "import time; x = bytearray(50_000_000); print('made', flush=True); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    command = [sys.executable, "-c", parent]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"made\n"
        memory, used = processes.memory_bytes(process.pid), processes.cpu_seconds(process.pid)
        os.killpg(process.pid, 15)

    assert memory > 50_000_000
    assert used > 0


def test_rest_is_waited_for() -> None:
    """A program is at rest once it uses hardly any processor time, and is not waited for without end."""
    used = iter([0.0, 0.5, 0.9, 0.9, 1.5])
    processes.come_to_rest(lambda: next(used), pause=0.001)
    assert [*used] == [1.5]

    busy = iter(range(5))
    processes.come_to_rest(lambda: next(busy), pause=0.001, most=3)
    assert [*busy] == [4]


def test_started_ends_the_whole_group(tmp_path: Path) -> None:
    """A program that was started is ended, and so is its child that ignores the signal to stop."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    child = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); "
        f"file = open({str(fifo)!r}, 'w'); time.sleep(20); file.write('outlived')"
    )
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}]).wait()"
    with processes.started([sys.executable, "-c", parent], tmp_path / "log"):
        reader = fifo.open()

    with reader:
        assert reader.read() == ""


def test_disk_counts_a_file_once(tmp_path: Path) -> None:
    """A file with two names takes its space once."""
    (tmp_path / "one").write_bytes(b"x" * 100_000)
    once = processes.disk_bytes(tmp_path)
    (tmp_path / "two").hardlink_to(tmp_path / "one")

    assert processes.disk_bytes(tmp_path) == once > 90_000


def test_table() -> None:
    """A table has a line for each figure, and says how many times better ours is, whichever way is better."""
    rate = Figures("look-ups", "/s", is_more_better=True, values={"forumkg": 3000.0, "Oxigraph": 1500.0})
    seconds = Figures("start", "s", is_more_better=False, values={"forumkg": 0.5, "Oxigraph": 0.25})
    missing = Figures("big", "s", is_more_better=False, values={"forumkg": 1.0}, remarks={"Oxigraph": "died"})

    assert report.table("Speed", [rate, seconds, missing], ["forumkg", "Oxigraph", "Fuseki"]) == (
        "### Speed\n"
        "\n"
        "|  | forumkg | Oxigraph | ours is |\n"
        "| --- | ---: | ---: | ---: |\n"
        "| look-ups | 3,000/s | 1,500/s | × 2 |\n"
        "| start | 0.5 s | 0.25 s | × 0.5 |\n"
        "| big | 1 s |  (died) |  |\n"
    )


def test_table_of_pages() -> None:
    """The table of pages ends with how many of them are beyond the aims, in each column that has one."""
    measured = [
        pages._Page("/", 151.0, 90.0, 0.5, 200_001, 9_000),
        pages._Page("/about", 149.9, 150.0, 0.5, 200_000, 9_000),
    ]

    assert pages._table(measured, 150)[2:] == [
        "| `/` | 151.0 ms | 90.0 ms | 0.50 ms | 200.0 kB | 9.0 kB |",
        "| `/about` | 149.9 ms | 150.0 ms | 0.50 ms | 200.0 kB | 9.0 kB |",
        "",
        "Beyond the aims, of 2 pages: 1 take more than 150 ms of a new server, 0 of a server at rest; "
        "1 weigh more than 200 kB.",
        "",
    ]


def test_insert_between_the_marks(tmp_path: Path) -> None:
    """Results take the place of those before, and the rest of the page stays."""
    page = tmp_path / "page.md"
    page.write_text(
        "Before\n<!-- results: written by `make bench` -->\nold\n<!-- end of results -->\nAfter\n"
    )

    report.insert(page, "new")
    once = page.read_text()
    report.insert(page, "new")

    assert page.read_text() == once
    assert once == (
        "Before\n<!-- results: written by `make bench` -->\n\nnew\n<!-- end of results -->\nAfter\n"
    )


def test_insert_without_marks(tmp_path: Path) -> None:
    """A page without marks is left as it is."""
    page = tmp_path / "page.md"
    page.write_text("Nothing")

    with pytest.raises(ValueError, match="has no lines"):
        report.insert(page, "new")

    assert page.read_text() == "Nothing"


def _text(target: str, distinct: int) -> str:
    return parse_qs(target.replace(load.NUMBER, str(distinct)))["query"][0]


@pytest.mark.parametrize(
    ("page", "last"),
    [
        ("stores", r"curl .*http://127\.0\.0\.1:\d{4}/\S*\n"),
        ("engines", r"forumkg engine check http://127\.0\.0\.1:\d{4}\S* --profile \w+\n"),
        ("validate-elsewhere", r"(java|PYTHON|engines/).*\n"),
    ],
)
def test_recipes_of_a_page(page: str, last: str) -> None:
    """Each recipe fetches its software; each use of it ends with the question, or with the validation."""
    found = recipes.read(recipes.ROOT / "docs" / f"{page}.md")

    assert found
    for recipe in found:
        assert "engines/" in recipe.fetch or "apt-get install" in recipe.fetch
        assert recipe.uses
        for commands in recipe.uses.values():
            assert re.fullmatch(last, commands.splitlines(keepends=True)[-1])


def test_recipes_fetch_once(tmp_path: Path) -> None:
    """Software is fetched into the cache, and again only after its commands have changed."""
    folder, cache = tmp_path / "folder", tmp_path / "cache"
    folder.mkdir()
    recipes.workshop(folder, cache)

    for commands in ("echo a >> engines/a\n", "echo a >> engines/a\n", "echo b >> engines/a\n"):
        recipes.fetch(recipes.Recipe("A store 1.0", commands, {}), cache)

    assert (folder / "engines" / "a").read_text() == "a\nb\n"


def test_simulated_clients_one_processor() -> None:
    """Clients that share one processor are answered at the rate that its time allows."""
    kind = queueing.Costs(share=1, client=0.001, balancer=0.001, server=0.004, worker=0.004)
    machine = queueing.Machine(processors=1)
    outcome = queueing.simulate_clients([kind], machine, replicas=1, clients=[0] * 5, seconds=100)
    assert outcome.rate == pytest.approx(100, rel=0.01)
    assert outcome.median == pytest.approx(0.05, rel=0.05)


def test_simulated_arrivals_little() -> None:
    """Queries that arrive at half the capacity are all answered, as late as M/D/1 has it."""
    kind = queueing.Costs(share=1, client=0, balancer=0, server=0.002, worker=0)
    outcome = queueing.simulate_arrivals([kind], queueing.Machine(), replicas=1, rate=250, seconds=200)
    assert outcome.rate == pytest.approx(250, rel=0.02)
    # Pollaczek and Khinchin: service time, and half the load of it over what is free.
    assert sum(outcome.latencies) / len(outcome.latencies) == pytest.approx(0.003, rel=0.05)


def test_simulated_slow_queries_wait_for_each_other_alone() -> None:
    """Queries that work for seconds do not keep brief ones waiting."""
    brief = queueing.Costs(share=0.99, client=0, balancer=0, server=0.001, worker=0.001)
    long = queueing.Costs(share=0.01, client=0, balancer=0, server=0.001, worker=3)
    machine = queueing.Machine(processors=8, workers=2, slow_workers=1)
    outcome = queueing.simulate_arrivals([brief, long], machine, replicas=1, rate=20, seconds=300)
    assert outcome.median == pytest.approx(0.002, rel=0.1)
    assert outcome.p99 > 1
