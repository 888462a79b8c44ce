"""Closing a thread: what was said stays, and nobody can reply to it any more, until it is opened again."""
