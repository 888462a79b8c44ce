"""Officials withdraw the current version, or number its paragraphs anew; everybody reads which number became which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.documents import page_queries, preview, queries, renumbering, withdrawing
from consult.documents.changing_forms import RenumberForm, WithdrawForm
from consult.documents.models import Document
from consult.documents.placing import Slot
from consult.documents.routes.blueprint import bp
from consult.documents.routes.editing import ours
from consult.documents.routes.reading import may_read, page_of
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import answer_alike
from consult.web.fields import blame


@dataclass(frozen=True)
class Going:
    """A paragraph that only the withdrawn version has, and how many comments stay where it stood."""

    slot: Slot
    comment_count: int


@bp.route("/consultations/<string:slug>/<string:document>/withdraw", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def withdraw(slug: str, document: str) -> Any:
    found = ours(slug, document)
    form = WithdrawForm()
    if form.validate_on_submit():
        return _withdraw(found, form)
    if not form.is_submitted():
        form.seen.data = str(found.version_count)
    return _withdraw_page(found, form, 422 if form.errors else 200)


def _withdraw(document: Document, form: WithdrawForm) -> Any:
    who = access.actor()
    try:
        with transaction(who):
            version = withdrawing.withdraw_version(
                actor=who, document=document, why=form.why.data or "", seen=form.seen_version()
            )
    except Invalid as error:
        blame(form, error)
        return _withdraw_page(document, form, 422)
    except Conflict as error:
        form.seen.data = str(document.version_count)
        return _withdraw_page(document, form, 409, problem=_told(error))
    flash(
        _(
            "Version %(gone)s is withdrawn. Version %(number)s has the words of version %(standing)s.",
            gone=version.number - 1,
            number=version.number,
            standing=version.restored_from,
        )
    )
    return _to_the_text(document)


def _withdraw_page(document: Document, form: WithdrawForm, status: int, problem: str = "") -> Any:
    what, tally = None, None
    going: Sequence[Going] = ()
    try:
        what = withdrawing.withdrawal(document)
        tally = preview.tally(what.planned.slots)
        going = _going(document, tally.removed)
    except Invalid as error:
        problem = problem or error.message
    page = render_template(
        "documents/withdraw.html",
        document=document,
        page=page_of(document, document.version_count),
        form=form,
        what=what,
        tally=tally,
        going=going,
        problem=problem if problem not in form.form_errors else "",
    )
    return page, status


def _going(document: Document, slots: Sequence[Slot]) -> Sequence[Going]:
    talk = page_queries.talk_of(document.id)
    return [Going(slot, talk.get(slot.old.number, 0)) for slot in slots if slot.old]


@bp.route("/consultations/<string:slug>/<string:document>/renumber", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def renumber(slug: str, document: str) -> Any:
    found = ours(slug, document)
    form = RenumberForm()
    if form.validate_on_submit():
        return _renumber(found, form)
    if not form.is_submitted():
        form.seen.data = str(found.version_count)
    return _renumber_page(found, form, 422 if form.errors else 200)


def _renumber(document: Document, form: RenumberForm) -> Any:
    who = access.actor()
    try:
        with transaction(who):
            version = renumbering.renumber(
                actor=who, document=document, note=form.note.data or "", seen=form.seen_version()
            )
    except Invalid as error:
        blame(form, error)
        return _renumber_page(document, form, 422)
    except Conflict as error:
        form.seen.data = str(document.version_count)
        return _renumber_page(document, form, 409, problem=_told(error))
    flash(_("Version %(number)s is published, with new numbers.", number=version.number))
    where = url_for(
        ".numbers", slug=document.consultation.slug, document=document.slug, number=version.number
    )
    return redirect(where, 303)


def _renumber_page(document: Document, form: RenumberForm, status: int, problem: str = "") -> Any:
    what = None
    try:
        what = renumbering.renumbering(document)
    except Invalid as error:
        problem = problem or error.message
    page = render_template(
        "documents/renumber.html",
        document=document,
        page=page_of(document, document.version_count),
        form=form,
        what=what,
        problem=problem if problem not in form.form_errors else "",
    )
    return page, status


@bp.get("/consultations/<string:slug>/<string:document>/v/<int:number>/numbers")
@needs(May.READ)
def numbers(slug: str, document: str, number: int) -> Response:
    """Show which number became which; for a version that left the numbers alone, lead to its text."""
    row = queries.stamps(slug, document)
    at = may_read(row, slug, document)
    if not 1 <= number <= row.version_count:
        raise NotFound
    found = queries.document(slug, document)
    version = queries.version(found, number)
    if not version.is_renumbered:
        return redirect(url_for(".version", slug=slug, document=document, number=number), 303)  # type: ignore[return-value]

    def build() -> str:
        table = renumbering.table_of(found, version)
        return render_template(
            "documents/numbers.html",
            document=found,
            version=version,
            page=page_of(found, number),
            standing=[each for each in table if not each.is_removed],
            gone=[each for each in table if each.is_removed and each.old != each.new],
        )

    stamps = (row.id, row.stamp, row.consultation_stamp, row.site_stamp, at.value)
    return answer_alike(stamps, build, place=request.path)


def _told(error: Conflict) -> str:
    return error.message or _("Somebody else was first. Look at the page again.")


def _to_the_text(document: Document) -> Any:
    return redirect(url_for(".show", slug=document.consultation.slug, document=document.slug), 303)
