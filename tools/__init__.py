"""What the developers of forumkg run, and no user needs."""
