"""`python -m bench.proposals TEXTS`: how much of the graph's articles `forumkg new` proposes.

TEXTS is the folder with the texts of the articles, which are known by their SHA-256. Compared are the ends of
passages, the figures with their hedges, and the stances of statements with what the graph has; a figure or a
stance counts where it is proposed in one of the passages of its statement. Indicators are guessed from the
paraphrases of the other articles alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pyoxigraph as ox

from forumkg.dataset.files import source_files
from forumkg.mapping.clauses import ProposedPassage, cut
from forumkg.mapping.decompiler import make_worksheet
from forumkg.mapping.indicator_guess import IndicatorGuesser
from forumkg.mapping.known_things import KnownThings
from forumkg.mapping.parser import parse_worksheet
from forumkg.mapping.placing import PlacedPassage, place_passages
from forumkg.mapping.proposer import ArticleFacts, Proposer
from forumkg.mapping.stances import stance_of
from forumkg.mapping.worksheet import WorksheetFigure
from forumkg.mapping.writer import write_worksheet
from forumkg.rdf.reading import parse
from forumkg.texts.reading import Text, read_texts

__all__ = ["Score", "measure"]


@dataclass(frozen=True, slots=True)
class Score:
    """How many of those that the graph has are proposed, and how many are proposed in all."""

    found: int = 0
    wanted: int = 0
    proposed: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.found + other.found, self.wanted + other.wanted, self.proposed + other.proposed)

    @property
    def share(self) -> float:
        """The share of what the graph has that is proposed."""
        return self.found / self.wanted if self.wanted else 0.0


def measure(texts: Sequence[Text]) -> dict[str, Score]:
    """Return the scores over all articles of the shipped graph whose texts are there."""
    files = [file for file in source_files() if not file.is_shapes]
    triples = {file.name: parse(file.path) for file in files}
    everything = [triple for one in triples.values() for triple in one]
    known = KnownThings.read(everything)
    total: dict[str, Score] = {}
    for name, article in triples.items():
        digests = {triple.object.value for triple in article if isinstance(triple.object, ox.Literal)}
        text = next((one for one in texts if one.sha256 in digests), None)
        if not name.startswith("articles/") or text is None:
            continue
        others = [triple for other, ones in triples.items() if other != name for triple in ones]
        proposer = Proposer(known, IndicatorGuesser.read(known, others))
        mapped = make_worksheet(article, triples["curation"], text, known)
        wanted, _ = place_passages(mapped, text)
        issued = mapped.value("issued")
        proposed, _ = parse_worksheet(write_worksheet(proposer.propose(text, ArticleFacts(issued=issued))))
        given, _ = place_passages(proposed, text)
        for key, score in _scores(wanted.passages, given.passages, text).items():
            total[key] = total.get(key, Score()) + score
    return total


def _scores(wanted: Sequence[PlacedPassage], given: Sequence[PlacedPassage], text: Text) -> dict[str, Score]:
    labels = {one.passage.label: one for one in wanted}
    ends, proposed_ends = {one.end for one in wanted}, {one.end for one in given}
    places = [
        (statement, (one, *(labels[label] for label in statement.supports)))
        for one in wanted
        for statement in one.passage.statements
    ]
    proposals = [(one, figure) for one in given for line in one.passage.statements for figure in line.figures]
    figures = [(spans, figure) for statement, spans in places for figure in statement.figures]
    near = [
        (figure, [other for one, other in proposals if _overlap(one, spans) and _is_same(figure, other)])
        for spans, figure in figures
    ]
    guessed = [figure for figure, others in near if figure.indicator in {one.indicator for one in others}]
    stances = _stances(text)
    right = [
        statement
        for statement, spans in places
        if any(_overlap(one, spans) and stance == statement.stance for one, stance in stances)
    ]
    return {
        "ends of passages": Score(len(ends & proposed_ends), len(ends), len(proposed_ends)),
        "figures with their hedges": Score(
            sum(bool(found) for _, found in near), len(figures), len(proposals)
        ),
        "indicators of figures": Score(len(guessed), len(figures), len(proposals)),
        "stances": Score(len(right), len(places), len(stances)),
    }


def _overlap(one: PlacedPassage | ProposedPassage, others: Iterable[PlacedPassage]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _is_same(one: WorksheetFigure, other: WorksheetFigure) -> bool:
    """Return whether two figures have number and hedge in common."""
    return (one.number, one.operator) == (other.number, other.operator)


def _stances(text: Text) -> list[tuple[ProposedPassage, str]]:
    """Return the stance that is proposed for each passage."""
    passages = cut(text.content)
    sentences: dict[int, str] = {}
    for one in passages:
        sentences[one.sentence] = f"{sentences.get(one.sentence, '')} {text.content[one.start : one.end]}"
    default, found = "accomplished", []
    for one in passages:
        default = stance_of(text.content[one.start : one.end], sentences[one.sentence], default=default)
        found.append((one, default))
    return found


@click.command()
@click.argument("texts", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(texts: Path) -> None:
    """Measure what is proposed for the articles of the graph whose texts are in TEXTS."""
    for name, score in measure(read_texts(texts)).items():
        click.echo(
            f"{name:<26} {score.found:>4} of {score.wanted:>4} {score.share:>4.0%}, {score.proposed} proposed"
        )


if __name__ == "__main__":
    main()
