"""What people typed on its way in: bounded and rendered before a transaction opens, and recognised when it comes twice."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.errors import Invalid
from consult.text.bounds import TooMuch
from consult.text.markdown import render_answer, render_comment, render_letter


@dataclass(frozen=True)
class Words:
    """What was typed, and the HTML made of it. Made by `written` and `answer_written` alone.

    `replacement` are words that a suggestion would put instead of those of the block with `block_id`, and
    `replacement_html` what they change there (`replacing`).
    """

    body: str
    html: str
    replacement: str = ""
    replacement_html: str = ""
    block_id: int | None = None


def written(source: str) -> Words:
    """Bound, render and clean a comment. Raises Invalid with what to shorten."""
    return _rendered(source, render_comment)


def answer_written(source: str) -> Words:
    """The same for an official's answer, which may be longer."""
    return _rendered(source, render_answer)


def letter_written(source: str) -> Words:
    """The same for one long response that cites several paragraphs."""
    return _rendered(source, render_letter)


def _rendered(source: str, render: Callable[[str], str]) -> Words:
    source = source.replace("\r\n", "\n").strip()
    try:
        html = str(render(source))
    except TooMuch as error:
        raise Invalid(_(error.message, **error.params), field="body") from error
    except RecursionError as error:
        raise Invalid(_("Use fewer levels of lists and quotes."), field="body") from error
    if not html:
        raise Invalid(_("Write your comment"), field="body")
    return Words(source, html)


def form_token(once: str, *content: object) -> str:
    """Return what makes a form unique: its key and what it says, so that the same form with new words is not lost."""
    if not once:
        return ""
    return hashlib.sha256(repr((once, *content)).encode()).hexdigest()[:40]


def face(body: str, *more: str) -> str:
    """Return a short digest of words, by which a form tells which ones it began with."""
    return hashlib.sha256("\0".join((body, *filter(None, more))).encode()).hexdigest()[:16]
