"""What moderation leaves behind for others to check: its public figures, erasure, sealing and legal holds."""
