"""When far more comments come in than usual: moderators are told, and later ones wait where a consultation wants it."""
