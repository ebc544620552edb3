"""Cite a statement, a figure, an article, a page or the version of the dataset."""
