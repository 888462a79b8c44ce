"""The search page. It sets no cookie and changes nothing."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from consult.discussion.naming import title_of
from consult.extensions import limiter
from consult.permissions import May
from consult.search import excerpts, queries, terms
from consult.search.models import Kind
from consult.search.terms import Terms
from consult.text.bounds import clean_name
from consult.web import access
from consult.web.access import needs

bp = Blueprint("search", __name__)

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
@limiter.limit("30 per minute", exempt_when=lambda: not _asked())
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
    response.headers["Cache-Control"] = "private, no-cache"
    return response


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
        return url_for("toolkit.page", slug=entry.key), entry.title, ""
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
