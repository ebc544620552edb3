"""Compare the reported quantities of an indicator across editions and sources."""
