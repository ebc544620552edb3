"""The SPARQL editor, and the endpoint it queries."""
