"""Which comments are copies of one letter, however much each was changed on the way. Pure: no database."""
