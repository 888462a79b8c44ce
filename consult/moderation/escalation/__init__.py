"""A comment is passed on to a person who is named for it: a threat to life, distress, or somebody to be kept safe."""
