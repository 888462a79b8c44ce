"""What the accounts room accepts."""
