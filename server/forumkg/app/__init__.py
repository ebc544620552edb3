"""The composition root: puts the web application, the page families and the query service together."""
