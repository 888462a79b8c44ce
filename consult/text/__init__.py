"""Markdown in, safe HTML out; blocks, lineage and word differences. Pure: no Flask, no database."""
