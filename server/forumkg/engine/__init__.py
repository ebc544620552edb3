"""The store that is served: versions on disk and queries on them."""
