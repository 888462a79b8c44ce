"""Whoever asks for a page by a name that it had is led to where it is now, whichever view of it they asked for."""

from typing import Any

from flask import redirect, request, url_for

from consult.errors import NotFound
from consult.toolkit import queries
from consult.toolkit.routes.blueprint import bp
from consult.web import errors


def led_on() -> Any:
    """Return the answer that leads to the same view of the page that was called so; None where there is none.

    It says "found there now" (302) and not "moved for good" (301): browsers keep the latter for ever, and a page that
    got its former address back would lead them in a circle.
    """
    asked = request.view_args or {}
    slug = queries.slug_now(asked["slug"]) if request.method in ("GET", "HEAD") and "slug" in asked else None
    if slug is None or slug == asked["slug"]:
        return None
    return redirect(with_query(url_for(str(request.endpoint), **{**asked, "slug": slug})), 302)


def with_query(address: str) -> str:
    """Return an address with what followed the one that was asked for: words for a page, and never for `url_for`."""
    query = request.query_string.decode("ascii", "ignore")
    return f"{address}?{query}" if query else address


@bp.errorhandler(NotFound)
def lead_on(error: NotFound) -> Any:
    return led_on() or errors.answer(404, error.message)
