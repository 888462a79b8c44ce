"""Tests of the talk about pages of the toolkit."""
