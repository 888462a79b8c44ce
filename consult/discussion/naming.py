"""What a paragraph is called on a page."""

from flask_babel import gettext as _

from consult.documents.naming import in_words

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def title_of(kind: str, number: str, words: str = "") -> str:
    """Return the name of a paragraph as a title: "Paragraph 12"; a heading goes by its words."""
    number = in_words(number)
    if kind == "document":
        return str(_("The whole draft"))
    if kind == "page":
        return str(_("The whole page"))
    if kind in HEADINGS:
        return str(_("Heading: %(words)s", words=words)) if words else str(_("Heading"))
    if kind == "footnote":
        return str(_("Note %(number)s", number=number.removeprefix("n")))
    if kind == "row":
        return str(_("Row %(number)s", number=number))
    return str(_("Paragraph %(number)s", number=number))


def name_of(kind: str, number: str) -> str:
    """Return the name of a paragraph inside a sentence: "paragraph 12"."""
    number = in_words(number)
    if kind == "document":
        return str(_("the whole draft"))
    if kind == "page":
        return str(_("the whole page"))
    if kind in HEADINGS:
        return str(_("this heading"))
    if kind == "footnote":
        return str(_("note %(number)s", number=number.removeprefix("n")))
    if kind == "row":
        return str(_("row %(number)s", number=number))
    return str(_("paragraph %(number)s", number=number))
