"""The knowledge graph of the Zhongguancun Forum and the server that publishes it.

The public Python API is what `__all__` names; see docs/python.md.
"""

import importlib

# As in `typing`, whose import would be most of the time until Ctrl-C is handled.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from forumkg.app.wsgi import create_app
    from forumkg.sparql.knowledge_graph import Evidence, KnowledgeGraph, open_graph

    __version__: str

__all__ = ["Evidence", "KnowledgeGraph", "__version__", "create_app", "open_graph"]

# Imported when they are first used: every module of the package imports this one.
_LAZY = {
    "Evidence": "forumkg.sparql.knowledge_graph",
    "KnowledgeGraph": "forumkg.sparql.knowledge_graph",
    "create_app": "forumkg.app.wsgi",
    "open_graph": "forumkg.sparql.knowledge_graph",
}


def __getattr__(name: str) -> object:
    """Import a public name: https://peps.python.org/pep-0562/."""
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version(__name__)
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
