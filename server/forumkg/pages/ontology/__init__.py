"""The ontology: its classes and properties, the shapes, and the class diagram."""
