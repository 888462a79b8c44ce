"""Tests of the notices room."""
