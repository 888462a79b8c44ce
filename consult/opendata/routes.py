"""Feeds: what is new, for readers that ask by themselves. Alike for everybody, so no session is looked at."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.consultations.stages import standing, text_is_public
from consult.documents import queries as documents
from consult.errors import NotFound
from consult.opendata import queries
from consult.opendata.entries import Entry, legal, newest
from consult.permissions import Anyone, May
from consult.toolkit import queries as toolkit
from consult.web.access import needs
from consult.web.conditional import Stamps, answer_alike
from consult.web.robots import unlisted

bp = Blueprint("opendata", __name__)


@bp.get("/consultations.atom")
@needs(May.READ)
def consultations_feed() -> Response:
    """What opened, and which versions came out."""
    now = clock.now()

    def entries() -> list[Entry]:
        return [*queries.openings(now), *queries.versions(now)]

    title = _("Consultations: what opened, and new versions")
    return _feed((consultations.tally(now),), title, url_for("consultations.home"), entries)


@bp.get("/consultations/<string:slug>.atom")
@needs(May.READ)
@unlisted
def consultation_feed(slug: str) -> Response:
    """Everything in one consultation: its opening, versions, comments and official replies."""
    now = clock.now()
    about = consultations.readable_consultation(slug, actor=Anyone())

    def entries() -> list[Entry]:
        of = about.id
        return [
            *queries.openings(now, consultation_id=of),
            *queries.versions(now, consultation_id=of),
            *queries.comments(now, queries.document_ids(of)),
            *queries.responses(now, consultation_id=of),
        ]

    page = url_for("consultations.overview", slug=slug)
    return _feed(_stamps(about), _("%(title)s: everything", title=about.title), page, entries)


@bp.get("/consultations/<string:slug>/<string:document>.atom")
@needs(May.READ)
@unlisted
def document_feed(slug: str, document: str) -> Response:
    """One document: its versions, comments and official replies."""
    now = clock.now()
    found = documents.document(slug, document)
    if not text_is_public(found.consultation, now) or not found.version_count:
        raise NotFound

    def entries() -> list[Entry]:
        return [
            *queries.versions(now, document_id=found.id),
            *queries.comments(now, [found.id]),
            *queries.responses(now, document_id=found.id),
        ]

    page = url_for("documents.show", slug=slug, document=document)
    stamps = (*_stamps(found.consultation), found.stamp)
    title = _("%(title)s: versions and comments", title=found.title)
    return _feed(stamps, title, page, entries, counts_changes=True)


@bp.get("/toolkit.atom")
@needs(May.READ)
@unlisted
def toolkit_feed() -> Response:
    """What changed on the pages of the toolkit."""
    entries = queries.revisions()
    title = _("Toolkit: what changed")
    return _feed(_of_changes(entries), title, url_for("toolkit.home"), lambda: entries)


@bp.get("/toolkit/<string:slug>.atom")
@needs(May.READ)
@unlisted
def toolkit_page_feed(slug: str) -> Any:
    """What changed on one page of the toolkit; a former name leads to the feed by the one that it has."""
    now = toolkit.slug_now(slug)
    if now is not None and now != slug:
        return redirect(url_for("opendata.toolkit_page_feed", slug=now), 302)
    page = toolkit.page(slug)
    entries = queries.revisions(page.id)
    title = _("%(title)s: what changed", title=page.title)
    place = url_for("toolkit.page", slug=slug)
    lasting = f"{url_for('toolkit.home')}#page-{page.id}"  # its address may change
    return _feed((page.stamp, *_of_changes(entries)), title, place, lambda: entries, lasting=lasting)


def _of_changes(entries: Iterable[Entry]) -> Stamps:
    """Return what a feed of the toolkit hangs on: its entries as they read now, names and addresses among them."""
    return (toolkit.stamps().site_stamp, *(str(entry.about) for entry in entries))


def _stamps(about: Consultation) -> Stamps:
    return about.stamp, accounts.site().stamp, standing(about, clock.now())


def _feed(
    stamps: Stamps,
    title: str,
    page: str,
    entries: Callable[[], Iterable[Entry]],
    *,
    counts_changes: bool = False,
    lasting: str = "",
) -> Response:
    """Answer with a feed; links are absolute, from the address that the settings give.

    `lasting` is what the feed is known by where its address may change. With `counts_changes` each version says how many there are since the one before: they are compared for it.
    """
    base = current_app.config["CONSULT"].base_url

    def build() -> str:
        newest_first = newest(entries())
        return render_template(
            "opendata/_feed.xml",
            title=title,
            base=base,
            self_link=base + request.path,
            feed_id=base + (lasting or request.path),
            page=base + page,
            entries=newest_first,
            updated=max((entry.changed_at for entry in newest_first), default=accounts.site().created_at),
            legal=legal,
            counts_changes=counts_changes,
        )

    response = answer_alike(stamps, build)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response
