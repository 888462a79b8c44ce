"""Somebody says that a public comment was written in their name, and not by them."""
