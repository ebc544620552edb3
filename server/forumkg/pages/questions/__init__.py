"""The questions that the graph answers, with their answers."""
