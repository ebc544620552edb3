"""The command that rewrites Turtle files canonically."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forumkg.cli import main
from forumkg.namespaces import prefix_lines
from forumkg.resources import graph_dir

TIDY = """@prefix edition: <https://w3id.org/zgc-forum/id/edition/> .
@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .

edition:2021
    a zgc:Edition ;
    zgc:year 2021 ;
.
"""
UNTIDY = prefix_lines("zgc", "edition", "skos") + "edition:2021 zgc:year 2021 ; a zgc:Edition ."


def test_format_graph_check() -> None:
    """The graph is canonical; where it is not, this test names the command that repairs it."""
    result = _format("--check")

    assert (result.exit_code, result.output) == (0, ""), f"Repair with: forumkg format {graph_dir()}"


def test_format_untidy_file(tmp_path: Path) -> None:
    """A file is rewritten and named, its mode stays, and nothing else is left in its folder."""
    path = _file(tmp_path, UNTIDY)
    path.chmod(0o640)

    result = _format(path)

    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{path}\n", "")
    assert path.read_text() == TIDY
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_format_tidy_file(tmp_path: Path) -> None:
    """A canonical file is not touched and not named."""
    path = _file(tmp_path, TIDY)
    before = path.stat()

    result = _format(path)

    assert (result.exit_code, result.output) == (0, "")
    assert path.stat() == before


def test_format_link(tmp_path: Path) -> None:
    """A link still points to its file, which is rewritten."""
    path = _file(tmp_path, UNTIDY)
    link = tmp_path / "link.ttl"
    link.symlink_to(path)

    result = _format(link)

    assert (result.exit_code, link.is_symlink(), path.read_text()) == (0, True, TIDY)


def test_format_check_untidy_file(tmp_path: Path) -> None:
    """A differing file is listed with the command that repairs it, and stays as it is."""
    path = _file(tmp_path, UNTIDY)
    _file(tmp_path, TIDY, "tidy.ttl")

    result = _format("--check", tmp_path)

    assert (result.exit_code, result.stdout) == (1, f"{path}\n")
    assert result.stderr == f"Not canonical. Repair with: forumkg format {path}\n"
    assert path.read_text() == UNTIDY


def test_format_check_carriage_returns(tmp_path: Path) -> None:
    """Line ends count: a file that differs in them alone is not canonical."""
    path = tmp_path / "a.ttl"
    path.write_bytes(TIDY.replace("\n", "\r\n").encode())

    assert _format("--check", path).exit_code == 1
    assert (_format(path).exit_code, path.read_bytes()) == (0, TIDY.encode())


def test_format_carriage_return_in_literal(tmp_path: Path) -> None:
    """A carriage return inside a long string is part of what the file says, and stays."""
    path = tmp_path / "a.ttl"
    path.write_bytes(prefix_lines("zgc").encode() + b'zgc:a zgc:b """x\r\ny""" .')

    _format(path)

    assert path.read_text().splitlines()[3] == r'    zgc:b "x\r\ny" ;'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "edition:2021 zgc:year .",
            "{path}:1:1: Parser error at line 1 between columns 1 and 13: "
            "The prefix edition: has not been declared",
        ),
        (
            TIDY.replace("2021 ;", "2021 ; # a note"),
            "{path}:6: a comment would be lost: write it as a zgc:editorialNote, "
            "or run forumkg format --drop-comments.",
        ),
        (
            UNTIDY.replace("zgc:Edition", "_:b"),
            "{path}: _:b, rdf:type of edition:2021, has no name that others could use: give it an IRI.",
        ),
    ],
    ids=["syntax", "comment", "blank node"],
)
def test_format_refused_file(tmp_path: Path, text: str, message: str) -> None:
    """A file that cannot be rewritten without a loss is reported and kept; the others are rewritten."""
    refused, good = _file(tmp_path, text, "a.ttl"), _file(tmp_path, UNTIDY, "b.ttl")

    result = _format(tmp_path)

    assert (result.exit_code, result.stdout) == (1, f"{good}\n")
    assert result.stderr == f"Error: {message.format(path=refused)}\n"
    assert (refused.read_text(), good.read_text()) == (text, TIDY)


def test_format_drop_comments(tmp_path: Path) -> None:
    """Comments go where one asks for it."""
    path = _file(tmp_path, f"# a note\n{TIDY}")

    result = _format(path, "--drop-comments")

    assert (result.exit_code, path.read_text()) == (0, TIDY)


def test_format_folder_without_turtle(tmp_path: Path) -> None:
    """A folder without Turtle is an error, not a silent success."""
    result = _format(tmp_path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        result.stderr
        == f"Error: No file *.ttl in {tmp_path}: name a Turtle file or a folder of Turtle files.\n"
    )


def test_format_missing_path(tmp_path: Path) -> None:
    """A path that does not exist is wrong usage."""
    assert _format(tmp_path / "nothing.ttl").exit_code == 2


def _file(folder: Path, text: str, name: str = "a.ttl") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def _format(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["format", *map(str, arguments)])


def test_format_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A byte order mark, which is invisible, is reported."""
    path = _file(tmp_path, f"\ufeff{TIDY}")

    result = _format(path)

    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {path}:1:1: The file begins with a byte order mark (U+FEFF): save it without one.\n"
    )
