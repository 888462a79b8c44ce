"""Which toolkit pages help at which step of the work."""
