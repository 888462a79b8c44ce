"""Each error of the domain, and of HTTP, gets its status and its page here, once. None shows a traceback."""

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from consult.errors import (
    Closed,
    Conflict,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
)
from consult.extensions import db
from consult.permissions import May
from consult.web.fields import local_path

log = logging.getLogger("consult.errors")

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Closed: 409,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}


class SignInFirst(NotAllowed):
    """Whoever is asking may not come in; signing in might change that."""

    def __init__(self, may: May) -> None:
        super().__init__()
        self.may = may


class SecondStepFirst(NotAllowed):
    """Whoever is asking plays the part, but signed in without the second step that it needs."""


class ProveAgain(NotAllowed):
    """Whoever is asking may do it, once they have proved anew who they are."""


def handle_errors(app: Flask) -> None:
    """Register every handler."""
    app.register_error_handler(SignInFirst, _sign_in_first)
    app.register_error_handler(SecondStepFirst, _second_step_first)
    app.register_error_handler(ProveAgain, _prove_again)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(DataError, _unheard_of)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _words(status: int) -> tuple[str, str]:
    """Return the heading and the sentence of an error page."""
    pages = {
        400: (
            _("We could not read that"),
            _("Something in the request was not as expected. Go back and try again."),
        ),
        403: (
            _("You cannot see this page"),
            _("It is kept for people who have been given a part in running this."),
        ),
        404: (_("There is no such page"), _("The address may be mistyped, or the page may have moved.")),
        405: (_("That cannot be done here"), _("Go back and use the button on the page.")),
        409: (
            _("Something changed meanwhile"),
            _("Nothing was lost. Look at the page again and decide anew."),
        ),
        413: (
            _("That is too much at once"),
            _("Send 3 MB or less. Everything you typed is still in your browser: go back."),
        ),
        422: (_("Something needs mending"), _("Go back, mend what the message names, and send it again.")),
        429: (
            _("Too many tries"),
            _("Please wait a little and try again. Nothing you typed is lost: go back to it."),
        ),
        500: (
            _("Something went wrong on our side"),
            _("It has been recorded. Please try again in a few minutes."),
        ),
        503: (
            _("We are busy, or being mended"),
            _("Please try again in a few minutes. Nothing published is lost."),
        ),
    }
    return pages.get(status, pages[500] if status >= 500 else pages[400])


def answer(status: int, message: str = "", retry_after: int | None = None) -> Response:
    """Return the error page for `status`, with `message` in place of the usual sentence where there is one."""
    heading, sentence = _words(status)
    response = make_response(
        render_template("web/error.html", status=status, heading=heading, sentence=message or sentence),
        status,
    )
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _sign_in_first(error: SignInFirst) -> Any:
    if current_user.is_authenticated:
        if error.may in (May.COMMENT, May.SUGGEST):
            return answer(
                403,
                _("Confirm your email first: open the link in the mail we sent you. Then come back here."),
            )
        return answer(403)
    return redirect(url_for("accounts.sign_in", next=_back()), 303)


def _second_step_first(error: SecondStepFirst) -> Any:
    """Lead to setting the second step up, and on to where the person wanted to go."""
    return redirect(url_for("accounts.second_step", next=_back()), 303)


def _prove_again(error: ProveAgain) -> Any:
    """Ask who it is; a form goes along (307), so that nothing typed is lost."""
    from_a_form = request.method not in ("GET", "HEAD")
    back = request.full_path.rstrip("?")
    return redirect(url_for("accounts.sign_in_again", next=back), 307 if from_a_form else 303)


def _back() -> str:
    """Return the page to go back to: the one that was asked for, or the one whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:  # anybody can send anything as a referrer
        return "/"
    return local_path((parts.path or "/") + (f"?{parts.query}" if parts.query else "")) or "/"


def _domain(error: DomainError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    return answer(status, error.message, getattr(error, "retry_after", None))


def _csrf(error: CSRFError) -> Response:
    return answer(
        400,
        _(
            "This page was open for too long, or your browser refuses cookies. Go back, load it again and send it."
        ),
    )


def _database(error: OperationalError) -> Response:
    db.session.rollback()
    log.exception("the database did not answer")
    return answer(503, retry_after=30)


def _unheard_of(error: DataError) -> Response:
    """Answer what no database can hold, such as a NUL in an address: there is no such thing."""
    db.session.rollback()
    return answer(404 if request.method in ("GET", "HEAD") else 400)


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error.get_response()
    return answer(error.code)


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    log.exception("unexpected error")
    return answer(500)
