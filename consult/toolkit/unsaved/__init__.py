"""What somebody has begun to write for the toolkit and has not saved or sent: kept for them alone."""
