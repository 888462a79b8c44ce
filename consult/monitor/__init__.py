"""Mind the gap: what is unanswered, late or silent. Reads only."""
