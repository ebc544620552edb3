"""The description of the HTTP interface, in OpenAPI, and the reference that is generated from it."""
