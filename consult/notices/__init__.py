"""The outbox, mail, and the demonstration mailbox."""
