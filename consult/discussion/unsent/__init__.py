"""Comments that their authors have begun and not sent: kept, changed, read by somebody else first, sent together."""
