"""Does the graph say where a fact stands, and is it there? Passages, digests, coverage."""
