"""Downloads, named graphs, prefixes and the description of the dataset."""
