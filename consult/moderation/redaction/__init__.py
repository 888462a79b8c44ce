"""Taking out a passage of a comment, with a mark in its place; putting it back; what its author is told."""
