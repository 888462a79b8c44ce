"""What people typed on its way in: bounded and rendered before a transaction opens, and recognised when it comes twice."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.errors import Invalid
from consult.text.bounds import TooMuch
from consult.text.markdown import render_answer, render_comment


@dataclass(frozen=True)
class Words:
    """What was typed, and the HTML made of it. Made by `written` and `answer_written` alone."""

    body: str
    html: str


def written(source: str) -> Words:
    """Bound, render and clean a comment. Raises Invalid with what to shorten."""
    return _rendered(source, render_comment)


def answer_written(source: str) -> Words:
    """The same for an official's answer, which may be longer."""
    return _rendered(source, render_answer)


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


def face(body: str) -> str:
    """Return a short digest of words, by which a form tells which ones it began with."""
    return hashlib.sha256(body.encode()).hexdigest()[:16]
