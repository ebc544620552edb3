"""Why a fact holds: its proof as a page, as JSON and as Turtle."""
