"""Routes of the toolkit room."""
