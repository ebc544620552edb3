"""The editions of the forum: the list, and the page of each."""
