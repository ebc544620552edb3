"""The home page, and the lists of pages for search engines."""
