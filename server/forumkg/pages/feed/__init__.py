"""Feeds of the newest statements and of disagreements, for feed readers."""
