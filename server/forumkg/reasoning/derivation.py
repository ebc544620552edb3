"""Run the CONSTRUCT rules of `ontology/rules/` on the merged graph, for what OWL cannot express.

https://www.w3.org/TR/sparql11-query/#construct
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg import resources
from forumkg.errors import DataError
from forumkg.namespaces import DERIVED
from forumkg.rdf.reading import read_text
from forumkg.rdf.terms import construct, quads

__all__ = ["RULES", "DerivationRule", "derive", "load_rules", "rules_of"]

# The folder of the rules, in that of the ontology.
RULES: Final = "rules"


@dataclass(frozen=True, slots=True)
class DerivationRule:
    """A CONSTRUCT query and its file."""

    path: Path
    query: str


def load_rules(folder: Path | None = None) -> tuple[DerivationRule, ...]:
    """Return the rules of a folder of `.rq` files, in the order of their names.

    Raises:
        DataError: a file cannot be read.
    """
    folder = folder or resources.ontology_dir() / RULES
    return tuple(DerivationRule(path, read_text(path)) for path in sorted(folder.glob("*.rq")))


def rules_of(source: Path) -> tuple[DerivationRule, ...]:
    """Return the rules that a dataset was built with; those of the package where it has kept none.

    Args:
        source: the folder with the files of the dataset, `source/` of a version.

    Raises:
        DataError: a file cannot be read.
    """
    folder = source / "ontology" / RULES
    return load_rules(folder if folder.is_dir() else None)


def derive(store: ox.Store, rules: Iterable[DerivationRule]) -> int:
    """Add to a store what the rules derive, to the graph `graph/derived` and to the default graph.

    Each rule sees what the rules before it derived.

    Args:
        store: Its default graph is the merge of all that is asserted and entailed.
        rules: In the order in which they run.

    Returns:
        The number of triples added: triples of the default graph are left out.

    Raises:
        DataError: a rule is not a CONSTRUCT query, or makes blank nodes; the message names its file.
    """
    count = 0
    for rule in rules:
        found = _results(store, rule)
        _refuse_new_blank_nodes(store, found, rule)
        new = [triple for triple in found if next(quads([triple])) not in store]
        store.extend(quad for graph in (DERIVED, None) for quad in quads(new, graph))
        count += len(new)
    return count


def _refuse_new_blank_nodes(store: ox.Store, found: Iterable[ox.Triple], rule: DerivationRule) -> None:
    """Refuse nodes without a name of their own: they would differ from build to build.

    Raises:
        DataError: a found triple has a blank node that no triple of the store has.
    """
    nodes = {node for triple in found for node in (triple.subject, triple.object)}
    for node in nodes:
        if isinstance(node, ox.BlankNode) and not _is_in(store, node):
            raise DataError(
                f"{rule.path} makes blank nodes, which differ from build to build: "
                "name what it derives, for example by BIND (IRI(CONCAT(…)) AS ?new)."
            )


def _is_in(store: ox.Store, node: ox.BlankNode) -> bool:
    as_subject = store.quads_for_pattern(node, None, None, ox.DefaultGraph())
    as_object = store.quads_for_pattern(None, None, node, ox.DefaultGraph())
    return any(True for quads_ in (as_subject, as_object) for _ in quads_)


def _results(store: ox.Store, rule: DerivationRule) -> frozenset[ox.Triple]:
    try:
        return construct(store, rule.query)
    except SyntaxError as error:
        raise DataError(f"{rule.path}: {error.msg}") from error
    except TypeError as error:
        raise DataError(
            f"{rule.path} is not a CONSTRUCT query: write CONSTRUCT with the triples that it derives."
        ) from error
