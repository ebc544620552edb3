"""Turtle as text: tokens, positions, sections, and the canonical form that the graph is kept in."""
