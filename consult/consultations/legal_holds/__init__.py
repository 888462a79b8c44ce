"""A legal hold: while one is in force nothing that may be asked for as evidence is deleted, by a person or by itself."""
