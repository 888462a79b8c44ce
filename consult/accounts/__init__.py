"""People, organisations, units, roles, signing in, and the site itself."""
