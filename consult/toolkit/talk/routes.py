"""The talk about a page: read all of it, open it. What is said at one paragraph is the business of the discussion.

What carries the talk is a consultation for the engine alone: its addresses lead to the toolkit, or nowhere.
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from consult.accounts import queries as accounts
from consult.consultations.slugs import TOOLKIT
from consult.errors import Closed, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.toolkit import names
from consult.toolkit import queries as pages
from consult.toolkit.routes.blueprint import bp
from consult.toolkit.routes.moved import with_query
from consult.toolkit.talk import actions, ahead, marks, queries
from consult.toolkit.talk.forms import UnitForm
from consult.web import access, limits
from consult.web.access import needs
from consult.web.conditional import answer_alike
from consult.web.origin import begins_without_token
from consult.web.robots import unlisted

CARRIED = ("discussion.paragraph", "discussion.post")  # what the engine shows of a page under our own address


@bp.get("/toolkit/<string:slug>/talk")
@needs(May.READ)
@unlisted
def talk(slug: str) -> Any:
    """Everything that was said about a page, each thread at its paragraph, and a way to say something."""
    try:
        row = pages.readable(slug)
    except NotFound:
        return redirect(url_for(".talk", slug=_led_to(slug)), 302)
    after = names.name_of(request.args.get("after", ""))[:12] or None
    place = f"{request.path}?after={after}" if after else request.path
    stamps = (row.stamp, row.site_stamp, row.talk_stamp)
    return answer_alike(stamps, lambda: _talk(row, after), place=place)


def _talk(row: Any, after: str | None) -> str:
    opened = queries.talk_of(row.id)
    return render_template(
        "toolkit/talk.html",
        page=row,
        document=opened.document if opened else None,
        after=after,
        is_empty=not row.html.strip(),
        can_open=opened is not None or queries.first_unit() is not None,
    )


@bp.post("/toolkit/<string:slug>/talk")
@needs(May.BEGIN_COMMENT)
@begins_without_token
@limits.BEGIN
def open_talk(slug: str) -> Any:
    """Let people talk about a page from now on, and lead to where they do."""
    page = pages.page(slug)
    try:
        text = ahead.of_page(page) if queries.talk_of(page.id) is None else None
        with transaction(access.actor()):
            actions.open_talk(actor=access.actor(), page=page, text=text)
    except Closed as refusal:
        flash(refusal.message, "wait")
    return redirect(url_for(".talk", slug=slug, _anchor="paragraphs"), 303)


@bp.route("/admin/toolkit-talk", methods=["GET", "POST"])
@needs(May.SET_UP_SITE)
def talk_unit() -> Any:
    """Choose the unit that the talk belongs to."""
    now = queries.unit_now()
    form = UnitForm(unit=now.slug if now else None)
    if form.validate_on_submit():
        with transaction(access.actor()):
            actions.choose_unit(actor=access.actor(), unit=accounts.unit(form.unit.data))
        flash(_("Saved. What is written from now on waits for them."))
        return redirect(url_for("accounts.organisations"), 303)
    return render_template("toolkit/talk_unit.html", form=form), 422 if form.is_submitted() else 200


def _led_to(name: str) -> str:
    """Return the address of the page that bore a name before. Raises NotFound."""
    found = pages.pages_named([name]).get(name)
    if found is None or found == name:
        raise NotFound
    return found


@bp.app_template_global()
def with_talk(page: Any, html: Markup) -> Markup:
    """Return the text of a page with a link to the talk at each of its paragraphs, and how much was said there.

    `page` is a row of `queries.readable`. Stored HTML is not rendered anew; the counts are one read.
    """
    if not page.talk_marks:
        return html
    counts = queries.counts(page.talk_document_id)
    here = url_for("discussion.paragraph", slug=TOOLKIT, document=page.slug, key="-")[:-1]
    links = {
        place: _mark(here, key, counts.get(key, 0)) for place, key in marks.from_text(page.talk_marks).items()
    }
    return marks.placed(html, links)


def _mark(here: str, key: str, count: int) -> Markup:
    """Return the link that stands at a paragraph: how much was said there, or a sign that something can be."""
    if not count:
        words = _("Talk about this")
        return Markup('<a class="kit-mark" href="{}{}"><span class="vh">{}</span></a>').format(
            here, key, words
        )
    words = ngettext("%(num)s comment on this", "%(num)s comments on this", count)
    return Markup('<a class="kit-mark kit-talked" href="{}{}" aria-label="{}">{}</a>').format(
        here, key, words, count
    )


@bp.before_app_request
def lead_to_the_toolkit() -> Any:
    """Lead whoever asks for the talk among the consultations, or under a name that its page no longer has."""
    given = request.view_args or {}
    if given.get("slug") != TOOLKIT or request.url_rule is None:
        return None
    if request.url_rule.rule.startswith(("/consultations/", "/desk/")):
        return _lead_from_consultations(request.endpoint or "", given)
    if request.endpoint in CARRIED:
        now = pages.pages_named([given["document"]]).get(given["document"])
        if now is not None and now != given["document"]:
            address = with_query(url_for("discussion.paragraph", **{**given, "document": now}))
            return redirect(address, 302 if request.method in ("GET", "HEAD") else 308)
    return None


def _lead_from_consultations(endpoint: str, given: Mapping[str, Any]) -> Any:
    if endpoint == "documents.show":
        return redirect(url_for("toolkit.talk", slug=given["document"]), 301)
    if endpoint == "consultations.overview":
        return redirect(url_for("toolkit.home"), 301)
    raise NotFound


@bp.record
def give_addresses(state: BlueprintSetupState) -> None:
    """Let every link to the carrier of the talk, or to the text of a page in it, be one to the toolkit."""
    for rule, endpoint in (
        ("/toolkit", "consultations.overview"),
        ("/toolkit/<string:document>/talk", "documents.show"),
        ("/toolkit/<string:document>/history/<int(max=999999999):number>", "documents.version"),
    ):
        state.app.add_url_rule(rule, endpoint=endpoint, defaults={"slug": TOOLKIT}, build_only=True)
