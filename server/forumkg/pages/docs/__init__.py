"""The documentation: an index, and a page for each document of `docs/`."""
