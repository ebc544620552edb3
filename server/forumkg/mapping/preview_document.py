"""What a worksheet would do to a graph, as a document for programs. The text of the article is not needed."""

from dataclasses import asdict
from typing import Any

from forumkg.errors import DataError
from forumkg.mapping.compiler import Compiled
from forumkg.mapping.effects import RELATIONS, effects_of
from forumkg.mapping.mapped import MappingDataset, map_worksheet
from forumkg.rdf.conversion import oxigraph_triples

__all__ = ["preview_document", "warm_up"]


def preview_document(worksheet: str, dataset: MappingDataset) -> dict[str, Any]:
    """Return the problems of a worksheet without words, what it holds, and its effects on a graph.

    Args:
        worksheet: with offsets and digests in place of the words.
        dataset: the graph.
    """
    try:
        mapped = map_worksheet(worksheet, None, dataset)
    except DataError as error:
        problem = {"line": 0, "message": str(error), "advice": "", "is_warning": False}
        return {"conforms": False, "problems": [problem]}
    return {
        "conforms": mapped.conforms,
        "counts": asdict(mapped.counts),
        "problems": [asdict(problem) for problem in mapped.problems],
        "effects": [{**asdict(effect), "relation": RELATIONS[effect.relation]} for effect in mapped.effects],
        "figures_alone": [{"line": line, "paraphrase": text} for line, text in mapped.alone],
        "derived": [{"name": name, "label": label} for name, label in mapped.derived],
        "known_already": list(mapped.known_already),
    }


def warm_up(dataset: MappingDataset) -> None:
    """Run what a preview runs, so that confined processes need to load nothing."""
    map_worksheet("?", None, dataset)
    empty = Compiled("", frozenset(), frozenset(), frozenset(), {}, {})
    facts = (file for file in dataset.files if not file.source.is_shapes)
    effects_of(empty, [triple for file in facts for triple in oxigraph_triples(file.graph)], dataset.rules)
