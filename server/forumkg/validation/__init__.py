"""What `forumkg check` and `/validate` do: references, SHACL, passages, coverage."""
