"""What can be done in the accounts room."""
