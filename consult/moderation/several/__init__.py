"""Bulk acts: one decision on many comments of the queue, with a preview before and undo after."""
