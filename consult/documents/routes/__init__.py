"""Where documents are on the web."""
