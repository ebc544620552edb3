"""Validate Turtle and other RDF documents."""
