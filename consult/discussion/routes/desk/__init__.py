"""The officials' desk on the web: its lists, its points, all responses to a consultation."""
