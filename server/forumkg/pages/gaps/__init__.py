"""What the sources do not say."""
