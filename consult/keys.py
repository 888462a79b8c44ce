"""Public names for things: short, permanent, and telling neither order nor number."""

import secrets

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # no vowels and no look-alikes: never a word, easy to read out


def new_key(length: int) -> str:
    """Return a random key of `length` characters; ten of them make a clash among millions unlikely."""
    number = secrets.randbelow(
        len(ALPHABET) ** length
    )  # asks the machine for chance once, not for each letter
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)
