"""Tests of the grouping of letters."""
