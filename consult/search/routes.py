"""The search page. It sets no cookie and changes nothing."""

import logging
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from consult import clock
from consult.discussion.naming import title_of
from consult.extensions import transaction
from consult.permissions import May
from consult.search import excerpts, fruitless, queries, terms
from consult.search.models import Kind
from consult.search.terms import Terms
from consult.text.bounds import clean_name
from consult.toolkit.entries.words import SINGULAR
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import Form
from consult.web.private import kept_nowhere
from consult.web.robots import unlisted

bp = Blueprint("search", __name__)
log = logging.getLogger("consult.search")

MOST_LISTED = 1_000  # searches in vain
FEW = 5  # of each kind, where all are shown
HEADING = 120  # characters of a heading that stand as a title


@dataclass(frozen=True)
class Hit:
    """One thing that was found, as the page shows it."""

    address: str
    title: Markup
    words: Markup
    place: str
    at: Any


def _asked() -> str:
    return clean_name(request.args.get("q", ""))


@bp.get("/search")
@needs(May.READ)
@unlisted
@limits.SEARCH.but(lambda: not _asked())
def results() -> Response:
    """What there is about the words of `q`; with `in`, of one kind alone."""
    g.is_alike_for_all = not access.has_session()
    wanted = terms.read(_asked())
    only = next((kind for kind in Kind if kind.value == request.args.get("in")), None)
    groups = queries.found(wanted, [only] if only else tuple(Kind))
    body = render_template(
        "search/results.html",
        asked=_asked(),
        wanted=wanted,
        only=only,
        kinds=_names(),
        groups=[(group, _hits(group, wanted, queries.MOST if only else FEW)) for group in groups],
        most=queries.MOST,
    )
    response = make_response(body, 422 if wanted.is_too_long else 200)
    if wanted and not groups and only is None:
        _note(response, wanted)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/search/in-vain")
@needs(May.REMOVE_SEARCHES)
def in_vain() -> Response:
    """List what was looked for in vain, however seldom, to remove what should not be kept."""
    return kept_nowhere(render_template("search/in_vain.html", rows=fruitless.often(1, MOST_LISTED)))


@bp.post("/search/in-vain")
@needs(May.REMOVE_SEARCHES)
def remove_searches() -> Any:
    """Remove what was ticked."""
    who, ticked = access.actor(), request.form.getlist("words")[:MOST_LISTED]
    if not Form().validate_on_submit() or not ticked:
        flash(_("Tick the words first."), "wait")
        return redirect(url_for(".in_vain"), 303)
    with transaction(who):
        count = fruitless.remove(actor=who, words=ticked)
    flash(
        ngettext(
            "%(num)s search is removed, and is not counted again.",
            "%(num)s searches are removed, and are not counted again.",
            count,
        )
    )
    return redirect(url_for(".in_vain"), 303)


def _note(response: Response, wanted: Terms) -> None:
    """Have it counted that nothing was found, once the answer has gone: nobody waits for it."""
    words = fruitless.noted(_asked(), wanted)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if words:
        response.call_on_close(lambda: _count(app, words))


def _count(app: Flask, words: str) -> None:
    try:
        with app.app_context():
            fruitless.count(words, clock.now().astimezone(app.config["CONSULT_ZONE"]).date())
    except Exception:  # a count is not worth a failure: two came at once, or the database is busy
        log.info("a search in vain was not counted")


def _names() -> dict[Kind, str]:
    return {
        Kind.CONSULTATION: _("Consultations"),
        Kind.PARAGRAPH: _("Paragraphs of drafts"),
        Kind.COMMENT: _("Comments"),
        Kind.RESPONSE: _("Official replies"),
        Kind.PAGE: _("Toolkit"),
    }


def _hits(group: queries.Group, wanted: Terms, most: int) -> list[Hit]:
    return [_hit(entry, wanted) for entry in group.entries[:most]]


def _hit(entry: Any, wanted: Terms) -> Hit:
    address, title, place = _place(entry)
    return Hit(
        address=address,
        title=excerpts.marked(title, wanted.words) if entry.title else Markup("{}").format(title),
        words=excerpts.excerpt(entry.words, wanted.words),
        place=place,
        at=entry.at,
    )


def _place(entry: Any) -> tuple[str, str, str]:
    """Return the address of what was found, what it is called, and what it belongs to."""
    if entry.kind is Kind.CONSULTATION:
        return url_for("consultations.overview", slug=entry.key), entry.title, ""
    if entry.kind is Kind.PAGE:
        return url_for("toolkit.page", slug=entry.key), entry.title, str(SINGULAR[entry.page_kind])
    own_words = entry.words[:HEADING] if entry.kind is Kind.PARAGRAPH else ""
    paragraph = title_of(entry.paragraph_kind, entry.paragraph_number, own_words)
    where = entry.consultation_title
    if entry.document_title != where:
        where = _("%(document)s, in %(consultation)s", document=entry.document_title, consultation=where)
    if entry.kind is Kind.PARAGRAPH:
        page = url_for("documents.show", slug=entry.consultation_slug, document=entry.document_slug)
        return f"{page}#p-{entry.key}", paragraph, where
    if entry.kind is Kind.COMMENT:
        said = _("Comment on: %(paragraph)s", paragraph=paragraph)
    else:
        said = _("Official reply on: %(paragraph)s", paragraph=paragraph)
    return url_for("discussion.comment", key=entry.key), said, where
