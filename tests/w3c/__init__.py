"""The test suites of the W3C for SPARQL queries, run through our engine and our writers.

https://w3c.github.io/rdf-tests/sparql/
"""
