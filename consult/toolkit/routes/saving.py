"""Storing what an editor sent: at once, together with what somebody else stored meanwhile, or not before they chose."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.consultations.typed_dates import typed
from consult.errors import Conflict
from consult.extensions import transaction
from consult.toolkit import actions, changes, queries
from consult.toolkit.actions import Wording
from consult.toolkit.entries.forms import FactsForm, as_typed
from consult.toolkit.entries.showing import facts_compared
from consult.toolkit.merging import Touching, offered
from consult.toolkit.models import Page, Revision, Shelf
from consult.toolkit.reconciling import reconciled
from consult.toolkit.routes.blueprint import shelf_name
from consult.toolkit.talk import ahead
from consult.toolkit.unsaved import actions as unsaved
from consult.toolkit.unsaved.models import Use
from consult.toolkit.unsaved.queries import Place
from consult.web import access

TRIES = 3  # somebody else may save again while two texts are put together


def saved(form: FactsForm, wording: Wording, page: Page) -> Any:
    """Save a page and lead to it; where it cannot be saved as it is, show what was stored meanwhile."""
    began, is_merged = form.began_from, False
    for _try in range(TRIES):
        try:
            _store(form, wording, page, began)
        except Conflict:
            try:
                wording, began = _with_theirs(wording, page, began)
            except Touching:
                break
            is_merged = True
        else:
            flash(_said(is_merged))
            return redirect(url_for("toolkit.page", slug=page.slug), 303)
    return _clash(form, page), 409


def _said(is_merged: bool) -> str:
    if not is_merged:
        return str(_("Saved. Readers see the new text from now on."))
    return str(
        _(
            "Saved, together with what somebody else saved while you were writing: your changes and theirs do not "
            "touch. Please read the page through once."
        )
    )


def _store(form: FactsForm, wording: Wording, page: Page, began: int) -> None:
    who, wording = access.actor(), replace(wording, text=ahead.with_blocks(wording.text, page))
    with transaction(who):
        actions.save_page(
            actor=who,
            page=page,
            wording=wording,
            shelf=Shelf(form.shelf.data),
            based_on=began,
            is_reviewed=form.is_reviewed.data,
            review_by=form.review_day,
            owner_id=form.owner_id,
            was=form.kept,
        )
        unsaved.let_go(actor=who, place=Place(Use.EDIT, page_id=page.id))


def _with_theirs(wording: Wording, page: Page, began: int) -> tuple[Wording, int]:
    """Return the wording with what was stored since `began`, and the number of the revision that it builds on."""
    page = queries.page(page.slug)
    if not 0 < began < page.revision_count:
        raise Touching
    base, theirs = (queries.revision(page.id, number) for number in (began, page.revision_count))
    return reconciled(page.kind, base, wording, theirs), theirs.number


def _clash(form: FactsForm, page: Page) -> str:
    """Show both texts: the writer's stays in the form, with what the other alone changed; the stored one stands beside."""
    page = queries.page(page.slug)
    theirs = queries.revision(page.id, page.revision_count)
    began = form.began_from
    base = queries.revision(page.id, began) if 0 < began < theirs.number else theirs
    said = {"deleted": _("taken out:"), "inserted": _("put in:")}
    heads = _heads(form, base, theirs, page)
    _take_theirs(form, base, theirs, page)
    form.builds_on(page)
    return render_template(
        "toolkit/edit.html",
        form=form,
        page=page,
        theirs=theirs,
        heads=heads,
        is_resaved=base is not theirs,
        since=changes.compared(base.source, theirs.source, **said),
        facts_since=facts_compared(page.kind, base.facts, theirs.facts, **said),
    )


def _take_theirs(form: FactsForm, base: Revision, theirs: Revision, page: Page) -> None:
    """Let the form hold what the writer left as it was and somebody else changed: saved as it was, it would undo that."""
    form.source.data = offered(base.source, form.source.data, theirs.source)
    pairs = [(form.title, base.title, theirs.title), (form.summary, base.summary, theirs.summary)]
    if was := form.kept:
        pairs += [
            (form.shelf, was.shelf.value, page.shelf.value),
            (form.owner, str(was.owner_id or ""), str(page.owner_id or "")),
            (form.review_by, typed(was.review_by), typed(page.review_by)),
        ]
    pairs += [
        (shown, as_typed(field, base.facts), as_typed(field, theirs.facts))
        for field, shown in form.fact_fields
    ]
    for field, before, now in pairs:
        if field.data == before:
            field.data = now


def _heads(form: FactsForm, base: Revision, theirs: Revision, page: Page) -> list[tuple[str, str]]:
    """Return the fields besides the text that say something else now than when the writer began."""
    found = []
    if theirs.title != base.title:
        found.append((str(form.title.label.text), theirs.title))
    if theirs.summary != base.summary:
        found.append((str(form.summary.label.text), theirs.summary))
    was = form.kept
    if was is not None and was.shelf is not page.shelf:
        found.append((str(form.shelf.label.text), shelf_name(page.shelf)))
    if was is not None and was.owner_id != page.owner_id:
        found.append((str(form.owner.label.text), page.owner.name if page.owner else str(_("Nobody"))))
    if was is not None and was.review_by != page.review_by:
        found.append((str(form.review_by.label.text), typed(page.review_by)))
    return found
