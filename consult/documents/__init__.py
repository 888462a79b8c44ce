"""Document, version, paragraph and its lineage; publishing, preview."""
