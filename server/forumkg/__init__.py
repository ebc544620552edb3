"""The knowledge graph of the Zhongguancun Forum and the server that publishes it."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("forumkg")
