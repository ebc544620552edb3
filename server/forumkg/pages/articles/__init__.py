"""The articles: the list, the page of each, and its passages."""
