"""The endpoint as clients that others wrote see it: the same questions, the same answers, true errors."""
