"""The worksheet: an article text with short lines of statements between, compiled to Turtle and back."""
