"""The consult command."""
