"""Where the discussion is on the web: paragraphs with their threads, comments, and the officials' desk."""
