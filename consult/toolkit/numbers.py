"""Numbers that an address or a form gives. Pure."""

LONGEST = 9  # digits: what is longer is no number of ours, nor of the database's


def whole(given: object) -> int | None:
    """Return the whole number that stands there; None for what is none."""
    words = str(given or "")
    return int(words) if words.isascii() and words.isdigit() and len(words) <= LONGEST else None
