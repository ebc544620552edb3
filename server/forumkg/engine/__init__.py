"""Remote SPARQL engines: profiles, requests and answers, loading a version, and the check of an engine."""
