"""Where the notices room is on the web."""
