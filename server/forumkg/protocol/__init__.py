"""The rules of the SPARQL Protocol as pure functions: parameters, negotiation. No Flask, no store."""
