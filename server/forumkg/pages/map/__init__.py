"""The page that maps an article text in the browser."""
