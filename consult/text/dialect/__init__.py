"""The Markdown that people know from GitHub, as an extension of Python-Markdown."""
