"""Turtle files to dataset and back: parsing, canonical form, entailment, derivation, description, export."""
