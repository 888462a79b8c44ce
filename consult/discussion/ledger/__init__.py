"""The public ledger: where each comment stands with the unit, from new to answered, and the figures made of that."""
