"""How the graph is made and served."""
