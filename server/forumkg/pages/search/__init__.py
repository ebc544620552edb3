"""Search for things and statements by words."""
