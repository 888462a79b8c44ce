"""What in a suggestion looks like a machine or an advertisement: a hint to the editor; nothing is refused for it. Pure."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

LABELS = {
    "trap": _l("A field was filled that nobody sees"),
    "links": _l("New links in it"),
    "quick": _l("Sent at once"),
    "again": _l("The same words again"),
}


def written(signs: Iterable[str]) -> str:
    """Return signs as they are kept with a suggestion."""
    return "+".join(sign for sign in LABELS if sign in set(signs))


def read(kept: str) -> list[str]:
    """Return the signs of a suggestion, in words."""
    return [str(LABELS[sign]) for sign in kept.split("+") if sign in LABELS]
