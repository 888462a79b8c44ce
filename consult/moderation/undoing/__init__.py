"""What a moderator decided a moment ago, and taking it back."""
