"""Holding a person for a time: what they write in one organisation waits for a moderator first."""
