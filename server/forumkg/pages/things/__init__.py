"""The page of any thing of the graph, and the lists of people, organizations, topics and themes."""
