"""The discussion room."""
