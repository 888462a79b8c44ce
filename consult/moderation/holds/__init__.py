"""What makes a comment wait for a moderator before anybody reads it, and who is told why."""
