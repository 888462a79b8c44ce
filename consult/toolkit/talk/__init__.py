"""What people say about the pages of the toolkit, by the engine of the drafts: docs/toolkit-talk.md."""
