"""How a paragraph's number is said on a page."""

from flask_babel import gettext as _

from consult.documents.numbering import parted


def in_words(number: str) -> str:
    """Return a number as a reader sees it: one that was given back says of which version it was."""
    name, version = parted(number)
    if version is None:
        return name
    return str(_("%(number)s of version %(version)s", number=name, version=version))
