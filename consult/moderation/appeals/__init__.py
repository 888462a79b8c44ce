"""Appeals: an author asks once that somebody else look again at a moderator's decision."""
