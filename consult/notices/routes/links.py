"""What the links in mails to followers share: they work without a session, and say so where they are spent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import render_template

from consult.errors import NotFound
from consult.web.private import kept_nowhere

View = Callable[[str], str]


def by_link(view: View) -> Callable[[str], Any]:
    """Answer with the page that a link opens, kept nowhere, or with one that says the link is spent or none of ours."""

    @wraps(view)
    def opened(signed: str) -> Any:
        try:
            return kept_nowhere(view(signed))
        except NotFound:
            return kept_nowhere(render_template("notices/_spent_follow_link.html"), 404)

    return opened
