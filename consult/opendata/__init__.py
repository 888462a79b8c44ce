"""Feeds. Reads only."""
