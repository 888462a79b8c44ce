"""Officials correct typing errors in the current version: they look at what the correction changes, then confirm it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from consult.documents import correcting, queries
from consult.documents.changing_forms import CorrectForm
from consult.documents.correcting import Proof, Slip
from consult.documents.models import Document
from consult.documents.routes.blueprint import bp
from consult.documents.routes.editing import LONGEST_DIFF, ours
from consult.documents.routes.reading import page_of
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.text.diff import diff_html
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame


@bp.route("/consultations/<string:slug>/<string:document>/correct", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def correct(slug: str, document: str) -> Any:
    found = ours(slug, document)
    if not found.version_count:
        flash(_("Nothing is published yet. Change the draft instead."), "wait")
        return redirect(url_for(".draft", slug=slug, document=document), 303)
    form = CorrectForm()
    if not form.is_submitted():
        form.source.data = queries.version(found, found.version_count).source
        form.seen.data = correcting.state_of(found)
        return _page(found, form)
    is_valid = form.validate()
    if form.seen.data != correcting.state_of(found):
        return _conflict(found, form)
    try:
        made = correcting.proof(found, form.source.data or "")
    except Invalid as error:
        blame(form, error)
        return _page(found, form, 422)
    if not is_valid:
        return _page(found, form, 422, made)
    if "correct" in request.form.getlist("do") and form.looked.data == form.face():
        return _correct(found, form, made)
    form.looked.data = form.face()
    return _page(found, form, made=made)


def _correct(document: Document, form: CorrectForm, made: Proof) -> Any:
    who = access.actor()
    try:
        with transaction(who):
            version = correcting.correct_version(
                actor=who,
                document=document,
                source=form.source.data or "",
                note=form.note.data or "",
                seen=form.seen.data,
                prepared=made,
            )
    except Invalid as error:
        blame(form, error)
        return _page(document, form, 422)
    except Conflict:
        return _conflict(document, form)
    flash(_("Version %(number)s is corrected, and says so.", number=version.number))
    return redirect(url_for(".show", slug=document.consultation.slug, document=document.slug), 303)


def _conflict(document: Document, form: CorrectForm) -> Any:
    """Show both texts: what was typed stays in the box, and goes on from the text as it is now."""
    theirs, mine = queries.version(document, document.version_count).source, form.source.data or ""
    form.seen.data, form.looked.data = correcting.state_of(document), ""
    is_short = len(theirs) + len(mine) <= LONGEST_DIFF
    words = {"deleted": _("theirs:"), "inserted": _("yours:")}
    return _page(
        document,
        form,
        409,
        theirs=theirs,
        difference=diff_html(theirs, mine, **words) if is_short else None,
    )


def _page(
    document: Document, form: CorrectForm, status: int = 200, made: Proof | None = None, **more: Any
) -> Any:
    page = render_template(
        "documents/correct.html",
        document=document,
        page=page_of(document, document.version_count),
        form=form,
        changes=[(slip.row, _difference(slip)) for slip in made.shown] if made else (),
        is_ready=made is not None and not form.errors,
        most=correcting.MOST_BLOCKS,
        **more,
    )
    return page, status


def _difference(slip: Slip) -> Markup:
    """Return what a reader will see differ; where that is nothing, what differs in the source: where a link leads."""
    was, now = slip.before, slip.after
    before, after = (was.plain, now.plain) if was.plain != now.plain else (was.text, now.text)
    return diff_html(before, after, deleted=_("Taken out:"), inserted=_("Put in:"))
