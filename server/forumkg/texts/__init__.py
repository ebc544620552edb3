"""Article texts as values: reading them exactly, their words and signs, numbers, dates, and copied runs."""
