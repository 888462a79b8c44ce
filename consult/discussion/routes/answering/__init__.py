"""The pages on which officials answer: one comment or several, drafts, what stands beside, corrections."""
