"""What the page of a validation shows, as values."""

from forumkg.namespaces import GRAPH, ID
from forumkg.pages.code_pieces import Piece, coded
from forumkg.pages.validate.validation import Group, ShownFinding, SourceLine, validation
from forumkg.validation.findings import Finding, Report

FIRST = Finding(
    "violation", "a.ttl", 2, f"{ID}edition/2030", "r", "It lacks zgc:year.", "Run `forumkg format` @en."
)
SECOND = Finding("warning", "a.ttl", 2, f"{ID}quantity/x/1", "r", "Odd <urn:x>.", "Look.")
WHOLE = Finding("violation", "a.ttl", None, f"{GRAPH}a", "r", "Empty.", "Write.")
OTHER = Finding("violation", "graph/b.ttl", 7, "urn:b", "r", "Broken.", "Mend <https://example.org/x>.")


def shown_finding(
    number: int, finding: Finding, focus: str, message: tuple[Piece, ...], *advice: Piece
) -> ShownFinding:
    """Return a finding as it is shown."""
    return ShownFinding(number, finding.severity, None, focus, message, advice)


def test_findings_by_line() -> None:
    """Findings are grouped by file and line, numbered through, with code marked in what they say."""
    shown = validation(Report((OTHER, SECOND, FIRST, WHOLE)), "a.ttl", "one\ntwo\n")

    assert shown.here == (
        Group("a.ttl", None, (shown_finding(1, WHOLE, "", (Piece("Empty."),), Piece("Write.")),)),
        Group(
            "a.ttl",
            2,
            (
                shown_finding(2, SECOND, "quantity/x/1", (Piece("Odd <urn:x>."),), Piece("Look.")),
                shown_finding(
                    3,
                    FIRST,
                    "edition:2030",
                    (Piece("It lacks "), Piece("zgc:year", is_code=True), Piece(".")),
                    Piece("Run "),
                    Piece("forumkg format", is_code=True),
                    Piece(" "),
                    Piece("@en", is_code=True),
                    Piece("."),
                ),
            ),
        ),
    )
    assert shown.elsewhere == (
        Group(
            "graph/b.ttl",
            7,
            (
                shown_finding(
                    4,
                    OTHER,
                    "urn:b",
                    (Piece("Broken."),),
                    Piece("Mend "),
                    Piece("<https://example.org/x>", is_code=True),
                    Piece("."),
                ),
            ),
        ),
    )
    assert shown.lines == (SourceLine(1, "one"), SourceLine(2, "two", (2, 3)))
    assert shown.verdict == "3 violations and 1 warning"


def test_verdict() -> None:
    """A report without findings has no problems."""
    assert validation(Report(()), "a.ttl", "").verdict == "No problems found"
    assert validation(Report((SECOND,)), "a.ttl", "").verdict == "1 warning"


def test_long_text() -> None:
    """Of a long text the lines with findings are shown and three around them, and how many lie between."""
    far = Finding("violation", "a.ttl", 5000, "urn:a", "r", "m", "n")
    text = "".join(f"line {number}\n" for number in range(1, 6001))
    shown = validation(Report((FIRST, far)), "a.ttl", text)

    assert [line.number for line in shown.lines] == [*range(1, 6), *range(4997, 5004)]
    assert [(line.number, line.skipped) for line in shown.lines if line.skipped] == [(4997, 4991)]
    assert shown.skipped == 997


def test_long_line() -> None:
    """The end of an endless line is left out."""
    shown = validation(Report(()), "a.ttl", "x" * 100_000)

    assert shown.lines == (SourceLine(1, f"{'x' * 400} …"),)


def test_notes() -> None:
    """Notes have code in them, too."""
    shown = validation(Report((), notes=("Run `this`.",)), "a.ttl", "")

    assert [coded(note) for note in shown.notes] == ["Run <code>this</code>."]
