"""What pages show, as values: asked of the graph by queries, and known to no web framework."""
