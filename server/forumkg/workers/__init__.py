"""Processes that evaluate queries and validate documents, and can be killed."""
