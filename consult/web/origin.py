"""Who sent a form: a page of ours, or another site.

Every form carries a token that belongs to the browser's session. A page that is alike for everybody holds none, and
sets no cookie: a comment may be begun there without one. Then the browser itself says where the form was sent from
(Fetch Metadata, `Sec-Fetch-Site`; before that `Origin`), and nothing more than keeping what was typed hangs on it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request

from consult.extensions import csrf, settings

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN_SITE = frozenset({"same-origin", "none"})  # "none": not sent by a page at all


def begins_without_token(view: View) -> View:
    """Mark a route that takes a form without a token from our own pages; it asks `has_token` before it does more."""
    view.begins_without_token = True  # type: ignore[attr-defined]
    return view


def check_form() -> None:
    """Refuse a form that another site sent; run before every request."""
    g.has_token = True
    if not current_app.config["WTF_CSRF_ENABLED"] or request.method in SAFE or request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "begins_without_token", False) and "csrf_token" not in request.form and is_from_us():
        g.has_token = False
        g.csrf_valid = True  # tells the forms that this was looked at
        return
    csrf.protect()


def has_token() -> bool:
    """Say whether the form bears the token of its browser: without one nothing is done in anybody's name."""
    return bool(g.get("has_token", True))


def is_from_us() -> bool:
    """Say whether a page of ours sent this; what bears neither header comes from no browser that a site could use."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OWN_SITE
    origin = request.headers.get("Origin")
    return origin is None or origin in (request.host_url.rstrip("/"), settings().base_url)
