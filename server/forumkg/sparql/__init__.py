"""The SPARQL Protocol and the evaluation of queries."""
