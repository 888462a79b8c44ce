"""What became of each comment, as the unit decided it once comments had closed."""
