"""Suggesting a change to the toolkit, and settling what was suggested."""
