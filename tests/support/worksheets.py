"""Worksheets for tests: random ones, and what an article of the graph needs to become one."""

import shutil
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from hypothesis import strategies as st

from forumkg import resources
from forumkg.dataset.files import source_files
from forumkg.mapping.known_things import KnownThings
from forumkg.mapping.worksheet import (
    FACT_KEYS,
    STANCES,
    Acceptance,
    Bound,
    NewThing,
    SpeakerRef,
    TaggedText,
    Worksheet,
    WorksheetFact,
    WorksheetFigure,
    WorksheetPassage,
    WorksheetRole,
    WorksheetStatement,
)
from forumkg.rdf.reading import parse

LOCAL_NAMES = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,2}", fullmatch=True)
NAMES = st.builds("{}:{}".format, st.sampled_from(["organization", "group", "edition", "topic"]), LOCAL_NAMES)
LABELS = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)
# Printable words of both languages, with the characters that the grammar uses.
WORDS = st.text(st.sampled_from("ab0[]#*?-+=:@\"\\'中关村，。 "), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
LINES = WORDS.filter(lambda text: bool(text) and not text.startswith("#"))
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20
)
TAGGED = st.builds(TaggedText, TEXTS, st.sampled_from(["", "en", "zh"]))
LABELLED = st.builds(TaggedText, TEXTS, st.sampled_from(["en", "zh"]))
NUMBERS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(0, 10**7), st.integers(-3, 9)
)
BOUNDS = st.builds(Bound, st.sampled_from([">", "<", ">=", "<="]), NUMBERS)
FIGURES = st.builds(
    WorksheetFigure,
    LOCAL_NAMES.filter(lambda name: name not in FACT_KEYS and name not in {"about", "as", "by", "rank", "w"}),
    st.sampled_from(["=", ">", "<", ">=", "<=", "~"]),
    NUMBERS,
    st.sampled_from(["", "%", "CNY", "d", "m2"]),
    st.lists(BOUNDS, max_size=2).map(tuple),
    st.none() | st.dates().map(str),
)
SPEAKERS = (
    st.none()
    | st.builds(SpeakerRef, LOCAL_NAMES, st.just(True))
    | st.builds(SpeakerRef, NAMES, st.just(False))
)
STATEMENTS = st.builds(
    WorksheetStatement,
    st.sampled_from(Acceptance),
    st.sampled_from(STANCES),
    LINES,
    st.none(),
    st.none() | NAMES,
    st.lists(LABELS, max_size=2).map(tuple),
    st.lists(st.builds(WorksheetFact, st.sampled_from(sorted(FACT_KEYS)), NAMES), max_size=2).map(tuple),
    st.lists(FIGURES, max_size=2).map(tuple),
    st.lists(TAGGED, max_size=2).map(tuple),
    SPEAKERS,
    st.none() | st.booleans(),
    st.none() | st.sampled_from(["preferred", "deprecated"]),
    *[st.none() | LINES] * 3,
)
PASSAGES = st.builds(
    WorksheetPassage,
    words=LINES,
    part=LOCAL_NAMES.filter(lambda name: name not in {"attest", "direct", "indirect"}),
    omission=st.none() | LOCAL_NAMES,
    attests=st.booleans(),
    about=st.none() | NAMES,
    supports=st.lists(LABELS, max_size=2).map(tuple),
    speaker=SPEAKERS,
    is_direct=st.none() | st.booleans(),
    statements=st.lists(STATEMENTS, max_size=3).map(tuple),
)
ROLES = st.builds(
    WorksheetRole,
    LOCAL_NAMES,
    NAMES,
    NAMES,
    LABELS,
    TAGGED,
    TEXTS | st.just(""),
    st.sampled_from(["", "2025-04-01"]),
    *[st.none() | LINES] * 2,
)
NEW_THINGS = st.builds(
    NewThing,
    NAMES,
    st.lists(LABELLED, max_size=2).map(tuple),
    st.lists(LABELLED, max_size=2).map(tuple),
    st.lists(st.tuples(st.sampled_from(["in", "kind", "note"]), TEXTS), max_size=2).map(tuple),
)
WORKSHEETS = st.builds(
    Worksheet,
    st.lists(st.tuples(st.sampled_from(["article", "label", "note", "url"]), LINES), max_size=3).map(tuple),
    st.lists(PASSAGES, max_size=3).map(tuple),
    st.lists(ROLES, max_size=2).map(tuple),
    st.lists(NEW_THINGS, max_size=2).map(tuple),
)


@cache
def shipped_things() -> KnownThings:
    """Return what the shipped graph and vocabulary know."""
    return KnownThings.read(
        triple for file in source_files() if not file.is_shapes for triple in parse(file.path)
    )


@cache
def shipped_articles() -> Mapping[Path, tuple[ox.Triple, ...]]:
    """Return the files of the articles of the shipped graph with their triples."""
    return {file.path: parse(file.path) for file in source_files() if file.name.startswith("articles/")}


WALKTHROUGH = Path(resources.root()) / "docs" / "walkthrough"


def copy_dataset(folder: Path) -> Path:
    """Copy the shipped dataset into a folder, for commands that write, and return it."""
    for name in ("ontology", "graph", "shapes"):
        shutil.copytree(resources.root() / name, folder / name)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files of a folder by their names."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
