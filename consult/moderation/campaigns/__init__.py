"""Campaigns: near-identical comments of a consultation, grouped some seconds after they arrive."""
