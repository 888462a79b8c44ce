"""One question over drafts, comments and toolkit."""
