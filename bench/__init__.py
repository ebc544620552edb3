"""Measure the server against its peers, on the same data: `make bench`."""
