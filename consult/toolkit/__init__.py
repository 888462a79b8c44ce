"""The wiki of good engagement."""
