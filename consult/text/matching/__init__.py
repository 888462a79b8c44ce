"""Finding in a new text the blocks of an old one: the steps behind `consult.text.lineage`."""
