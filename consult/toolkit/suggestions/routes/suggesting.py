"""Suggesting a change to a page, or a page that is not there yet. For everybody who is signed in."""

import hashlib
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.discussion.manner import Manner, seconds_if_quick
from consult.errors import Invalid
from consult.extensions import transaction
from consult.moderation.holds import spam
from consult.permissions import May
from consult.toolkit import queries as pages
from consult.toolkit import rendering
from consult.toolkit.actions import Wording
from consult.toolkit.entries.forms import with_facts
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.entries.showing import facts_shown
from consult.toolkit.models import Page, Shelf
from consult.toolkit.rendering import Rendered
from consult.toolkit.routes.blueprint import bp, today
from consult.toolkit.routes.shown_entries import withholds
from consult.toolkit.suggestions import actions, queries, signs
from consult.toolkit.suggestions.forms import NewSuggestionForm, SuggestionForm, number_in
from consult.toolkit.suggestions.queries import Words
from consult.toolkit.suggestions.routes.comparing import Compared, compared
from consult.toolkit.unsaved import actions as unsaved
from consult.toolkit.unsaved.models import Use
from consult.toolkit.unsaved.queries import Place
from consult.toolkit.unsaved.routes import goes_on, kept_or_forgotten
from consult.web import access, begun, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.private import kept_nowhere

TRAP = "regarding"  # not as in other forms: a community has a topic
SHORTEST = 40  # characters: shorter texts are alike by chance


@bp.route("/toolkit/<string:slug>/suggest", methods=["GET", "POST"])
@needs(May.SUGGEST)
@limits.SUGGEST
def suggest(slug: str) -> Any:
    """Suggest how a page should read, or see first what it would look like and what would change."""
    page = pages.page(slug)
    if page.slug != slug and request.method == "GET":
        return redirect(url_for("toolkit.suggest", slug=page.slug), 302)
    kind = PageKind.PRACTICE if withholds(page) else page.kind
    return _errand(with_facts(SuggestionForm, kind)(), page)


@bp.route("/toolkit/suggest", methods=["GET", "POST"])
@needs(May.SUGGEST)
@limits.SUGGEST
def suggest_page() -> Any:
    """Suggest a page that is not there."""
    return _errand(NewSuggestionForm(), None)


def _errand(form: Any, page: Page | None) -> Any:
    form.today = today()
    place = Place(Use.SUGGEST, page_id=page.id if page is not None else None)
    if request.method == "GET":
        kept = goes_on(form, place)
        if kept is None and page is not None:
            _begin(form, page)
        return _form(form, page, kept=kept)
    is_sound = form.validate_on_submit()
    try:
        if answer := kept_or_forgotten(form, place, request.path):
            return answer
        text = rendering.rendered(form.source.data) if not form.source.errors else None
        if request.form.get("do") == "preview" or text is None or not is_sound:
            shown = text if request.form.get("do") == "preview" else None
            return _form(form, page, 200 if is_sound else 422, preview=shown)
        return _send(form, page, text, place)
    except Invalid as refusal:
        blame(form, refusal)
        return _form(form, page, 422)


def _begin(form: SuggestionForm, page: Page) -> None:
    current = pages.revision(page.id, page.revision_count)
    form.title.data, form.summary.data, form.source.data = current.title, current.summary, current.source
    form.fill_facts(current.facts)
    form.based_on.data = str(current.number)


def _form(
    form: Any, page: Page | None, status: int = 200, *, preview: Rendered | None = None, kept: Any = None
) -> Any:
    html = render_template(
        "toolkit/suggest.html" if page is not None else "toolkit/suggest_page.html",
        form=form,
        page=page,
        kept=kept,
        preview=rendering.shown(preview.html) if preview else None,
        compared=_compared(form, page) if preview and page is not None else None,
        facts_shown=facts_shown(form.kind, form.facts, today()) if preview else [],
        waiting=queries.waiting_by(access.actor().id, page.id) if page is not None else None,
        is_typed=form.is_submitted(),
        known=_known(form) if page is None and form.is_submitted() else None,
    )
    return kept_nowhere(html, status)


def _compared(form: SuggestionForm, page: Page) -> Compared:
    began, typed = _began_from(form, page), _typed(form)
    return compared(began, typed if form.fact_fields else replace(typed, facts=began.facts), page.kind)


def _known(form: SuggestionForm) -> Page | None:
    """Return the page that is called as the one that is suggested, so that its writer is led there."""
    slug = pages.slug_now(form.title.data or "")
    return pages.page(slug) if slug else None


def _began_from(form: SuggestionForm, page: Page) -> Words:
    number = number_in(form.based_on)
    began = pages.revision(page.id, number if 0 < number <= page.revision_count else page.revision_count)
    if began.withheld_at is not None:
        began = pages.revision(page.id, page.revision_count)
    return queries.said_in(began)


def _typed(form: SuggestionForm) -> Words:
    return Words(form.title.data or "", form.summary.data or "", form.source.data or "", form.facts)


def _send(form: Any, page: Page | None, text: Rendered, place: Place) -> Any:
    who, found = access.actor(), _signs(form, page)
    with transaction(who):
        made = actions.suggest_change(
            actor=who,
            page=pages.page(page.slug) if page is not None else None,
            wording=Wording(
                form.title.data, form.summary.data, text, facts=form.facts if form.fact_fields else None
            ),
            why=form.why.data,
            based_on=number_in(form.based_on),
            shelf=Shelf(form.shelf.data) if page is None else None,
            signs=found,
            once=form.once.data,
        )
        unsaved.let_go(actor=who, place=place)
    flash(_("Sent. An editor looks at it, and you are told by email what comes of it."))
    return redirect(url_for("toolkit.suggestion", key=made.key), 303)


def _signs(form: Any, page: Page | None) -> str:
    """Return what looks like a machine in how it was sent, or like an advertisement in what is new in it."""
    words = " ".join(form.source.data.casefold().split())
    digest = hashlib.sha256(words.encode()).hexdigest()[:24]
    is_again = len(words) >= SHORTEST and limits.came_too_often(digest, f"toolkit:{page.id if page else ''}")
    how = str(Manner(seconds_if_quick(form.begun.passed), begun.is_trapped(TRAP), is_again))
    stands = _all_of(_began_from(form, page)) if page is not None else ""
    said = f"{_all_of(_typed(form))}\n\n{form.why.data}"
    return signs.written(spam.signs(said, how, approved=stands))


def _all_of(words: Words) -> str:
    return "\n\n".join((words.source, *words.facts.values()))
