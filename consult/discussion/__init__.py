"""Comments, threads, official responses, and every change of a comment's state."""
