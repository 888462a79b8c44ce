"""The exercise: its stage, its dates, the statements that a public is owed."""
