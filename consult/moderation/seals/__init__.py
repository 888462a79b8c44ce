"""A text that is sealed: kept because the law requires it, and read by people who are named for it and by nobody else."""
