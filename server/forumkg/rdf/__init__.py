"""RDF terms, and reading and writing them in any syntax."""
