"""Where the accounts room is on the web."""
