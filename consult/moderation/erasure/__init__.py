"""Erasure of the text of one comment: asked for by one person on a legal ground, done when a second agrees."""
