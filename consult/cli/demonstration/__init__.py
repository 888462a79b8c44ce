"""The demonstration: invented bodies, people and drafts, replayed through the real actions."""
