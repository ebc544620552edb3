"""How readers contribute, and how they report an error."""
