"""The queue, reports, decisions."""
