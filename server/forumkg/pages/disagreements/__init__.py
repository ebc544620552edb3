"""Where statements disagree, and where they only seem to."""
