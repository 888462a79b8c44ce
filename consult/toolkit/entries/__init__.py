"""Typed entries of the toolkit: communities, platforms, experts and case studies, their fields and their lists."""
