"""Officials begin a document and write its draft, with a preview that the server makes."""

from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.consultations import queries as consultations
from consult.documents import actions, contents, preview, queries, renumbering, sources
from consult.documents.forms import DraftForm, NewForm
from consult.documents.models import Document, Draft
from consult.documents.routes.blueprint import bp
from consult.documents.routes.reading import page_of
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May, require
from consult.text.bounds import clean_source
from consult.text.diff import diff_html
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame

LONGEST_DIFF = 400_000  # characters of both texts; beyond, they are shown side by side without marks


@dataclass(frozen=True)
class Preview:
    """The draft as readers would see it, or what stands in the way."""

    items: list[contents.Item]
    tally: preview.Tally | None = None
    problem: str = ""
    marks: preview.Marks = preview.NO_MARKS


@bp.route("/consultations/<string:slug>/new", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def new(slug: str) -> Any:
    who = access.actor()
    consultation = consultations.consultation(slug)
    require(May.RUN_CONSULTATION, who, consultation)
    form = NewForm()
    if form.validate_on_submit():
        try:
            with transaction(who):
                made = actions.create_document(
                    actor=who, consultation=consultation, title=form.title.data, slug=form.chosen_slug()
                )
            return redirect(url_for(".draft", slug=slug, document=made.slug), 303)
        except Invalid as error:
            blame(form, error)
        except Conflict:  # two took the same address in the same moment
            blame(form, Invalid(_("Another document has this address: choose another"), field="slug"))
    page = render_template("documents/new.html", form=form, consultation=consultation)
    return page, 422 if form.errors else 200


@bp.route("/consultations/<string:slug>/<string:document>/edit", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def draft(slug: str, document: str) -> Any:
    found = ours(slug, document)
    form = DraftForm()
    if request.method == "GET":
        _fill(form, found)
        return _draft_page(found, form, _preview(found, form.source.data))
    form.validate()
    if "upload" in request.form.getlist("do"):
        is_read = form.take_file()
        return _draft_page(
            found, form, _preview(found, form.source.data), 200 if is_read else 422, is_new=is_read
        )
    if "save" in request.form.getlist("do"):
        return _save(found, form)
    if "number" in request.form.getlist("do"):
        return _number(found, form)
    return _draft_page(found, form, _preview(found, form.source.data))


def _number(document: Document, form: DraftForm) -> Any:
    """Put into the text in the box the numbers that its paragraphs were found to have; nothing is saved."""
    try:
        prepared = actions.prepare(document, form.source.data or "")
    except Invalid as error:
        blame(form, error)
        return _draft_page(document, form, Preview([], problem=error.message), 422)
    planned = actions.plan_of(document, prepared, on_doubt="remove")
    form.source.data = sources.with_numbers_found(prepared, planned)
    flash(
        _(
            "Every paragraph that was found again beyond doubt bears its number now."
            " Put in by hand what is missing, or take out what is wrong, then save."
        )
    )
    return _draft_page(document, form, _preview(document, form.source.data))


@bp.post("/consultations/<string:slug>/<string:document>/preview", endpoint="preview")
@needs(May.RUN_CONSULTATION)
def preview_alone(slug: str, document: str) -> Any:
    found = ours(slug, document)
    return render_template("documents/_preview.html", preview=_preview(found, DraftForm().source.data or ""))


def ours(slug: str, document: str) -> Document:
    """Return a document for an official of its unit; NotAllowed for anybody else."""
    found = queries.document(slug, document)
    require(May.RUN_CONSULTATION, access.actor(), found)
    g.image_hosts = found.consultation.unit.image_host_set  # for the preview
    return found


def _fill(form: DraftForm, document: Document) -> None:
    """Begin with the earlier save that the address asks for, with the latest one, or with the current version."""
    asked = request.args.get("draft", "")
    form.based_on.data = str(document.draft_number)
    if asked.isdecimal() and int(asked[:9]):
        _take_up(form, document, queries.draft(document, int(asked[:9])))
    else:
        form.source.data = sources.beginning(document)


def _take_up(form: DraftForm, document: Document, draft: Draft) -> None:
    """Put an earlier save into the box; its numbers are those of today, also where it was saved under others."""
    form.source.data = renumbering.source_of(document, draft)
    if by := renumbering.renumbered_since(document, draft):
        flash(
            _(
                "The paragraphs were numbered anew in version %(number)s, after this draft was saved."
                " The numbers in it are now the new ones.",
                number=by,
            ),
            "wait",
        )


def _save(document: Document, form: DraftForm) -> Any:
    who = access.actor()
    before = document.draft_number
    try:
        is_new = not _is_untouched(document, form)
        if is_new:
            with transaction(who):
                saved = actions.save_draft(
                    actor=who, document=document, source=form.source.data, based_on=int(form.based_on.data)
                )
            is_new = saved.number != before
    except Invalid as error:
        blame(form, error)
        return _draft_page(document, form, Preview([], problem=error.message), 422)
    except Conflict as error:
        return _conflict_page(document, form, error.theirs)
    flash(_("Saved as draft %(number)s.", number=saved.number) if is_new else _("Nothing had changed."))
    return redirect(url_for(".draft", slug=document.consultation.slug, document=document.slug), 303)


def _is_untouched(document: Document, form: DraftForm) -> bool:
    """Say whether the box holds what a version put into it, with its numbers: that is no text of anybody's yet."""
    if not document.version_count or form.based_on.data != str(document.draft_number):
        return False
    typed = form.source.data or ""
    return "\0" not in typed and clean_source(typed) == sources.beginning(document)


def _conflict_page(document: Document, form: DraftForm, theirs: Draft) -> Any:
    """Show both texts: what was typed stays in the box, and saving it now means to put it over theirs."""
    form.based_on.data = str(theirs.number)
    mine = form.source.data or ""
    is_short = len(mine) + len(theirs.source) <= LONGEST_DIFF
    words = {"deleted": _("theirs:"), "inserted": _("yours:")}
    return _draft_page(
        document,
        form,
        _preview(document, mine),
        409,
        theirs=theirs,
        their_name=queries.publisher(theirs.saved_by),
        difference=diff_html(theirs.source, mine, **words) if is_short else None,
    )


def _draft_page(document: Document, form: DraftForm, shown: Preview, status: int = 200, **more: Any) -> Any:
    before = request.args.get("before", "")
    page = render_template(
        "documents/draft.html",
        document=document,
        page=page_of(document, document.version_count),
        form=form,
        preview=shown,
        drafts=queries.drafts(document.id, int(before[:9]) if before.isdecimal() else None),
        **more,
    )
    return page, status


def _preview(document: Document, source: str | None) -> Preview:
    """Return the draft as it would be published now, paragraphs numbered; on text that is too much, why."""
    if not (source or "").strip():
        return Preview([])
    try:
        prepared = actions.prepare(document, source or "")
    except Invalid as error:
        return Preview([], problem=error.message)
    planned = actions.plan_of(document, prepared)
    blocks = prepared.text.blocks
    return Preview(
        preview.items(planned.slots, blocks, planned.doubts),
        preview.tally(planned.slots),
        marks=preview.marks(blocks, prepared.numbers),
    )
