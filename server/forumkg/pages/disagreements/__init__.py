"""Where sources disagree, and where they only seem to."""
